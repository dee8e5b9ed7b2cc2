package dev.convene.protocol.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * The digest by which a reader of a large group checks that it has the right members: the exclusive or, over all members,
 * of the first 8 bytes of SHA-256 of the name in UTF-8. It does not depend on the order, and a join or a leave changes it
 * by one member's share.
 */
public final class MemberDigest {
    private static final HexFormat HEX = HexFormat.of();

    private MemberDigest() {}

    /** The share of one member. */
    public static long of(String member) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest(member.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of a set of members. */
    public static long of(Collection<String> members) {
        long digest = 0;
        for (String member : members) {
            digest ^= of(member);
        }
        return digest;
    }

    /** The 16 hexadecimal digits in frames. */
    public static String toHex(long digest) {
        return HEX.toHexDigits(digest);
    }
}
