package dev.convene.runtime.machine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a snapshot, from its bytes piece by piece. Not thread-safe. */
public final class SnapshotDigest {
    private final MessageDigest sha256;

    public SnapshotDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds the next piece. */
    public void add(byte[] piece) {
        sha256.update(piece);
    }

    /** The digest in hex, of 64 characters; nothing is added afterwards. */
    public String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** The digest of whole bytes. */
    public static String of(byte[] bytes) {
        SnapshotDigest digest = new SnapshotDigest();
        digest.add(bytes);
        return digest.hex();
    }
}
