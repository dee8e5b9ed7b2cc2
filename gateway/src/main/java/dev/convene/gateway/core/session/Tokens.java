package dev.convene.gateway.core.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;

/** The secrets by which sessions are resumed. Only their hashes go into the log. */
public final class Tokens {
    private static final int BYTES = 24;

    private final Consumer<byte[]> random;

    /** @param random fills an array from a source that nobody can guess */
    public Tokens(Consumer<byte[]> random) {
        this.random = random;
    }

    /** A new token: 192 random bits, base64url. */
    public String next() {
        byte[] bytes = new byte[BYTES];
        random.accept(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the log knows of a token. */
    public static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether this is the session's token, in constant time. */
    public static boolean matches(String token, SessionIdentity session) {
        return MessageDigest.isEqual(hash(token), session.tokenHash());
    }
}
