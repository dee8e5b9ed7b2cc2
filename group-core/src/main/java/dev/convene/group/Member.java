package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.runtime.Attachment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** A session in a group. */
public final class Member {
    private final Attachment session;
    private final Group group;
    private final Position joinedAt;
    private final boolean membership;
    private final @Nullable QueueGroup queue;
    private final long nameHash;
    private byte[] presence;

    Member(
            Attachment session,
            Group group,
            Position joinedAt,
            boolean membership,
            @Nullable QueueGroup queue,
            byte[] presence) {
        this.session = session;
        this.group = group;
        this.joinedAt = joinedAt;
        this.membership = membership;
        this.queue = queue;
        this.presence = presence;
        this.nameHash = nameHash(session.privateName());
    }

    public Attachment session() {
        return session;
    }

    /** Its name in views: the session's private group, qualified. */
    public String name() {
        return session.privateName();
    }

    public Group group() {
        return group;
    }

    /** The place of its join. */
    public Position joinedAt() {
        return joinedAt;
    }

    /** Whether it is told about membership of this group. */
    public boolean membership() {
        return membership;
    }

    /** Whether it gets every message: it did not join as a queue member. */
    public boolean isOrdinary() {
        return queue == null;
    }

    /** The queue group that it joined as, or null for an ordinary member. */
    public @Nullable QueueGroup queue() {
        return queue;
    }

    /** Its presence data as JSON text in UTF-8, empty for none. Not to be changed. */
    public byte[] presence() {
        return presence;
    }

    void presence(byte[] data) {
        presence = data;
    }

    long nameHash() {
        return nameHash;
    }

    /**
     * The first eight bytes of the SHA-256 of the name as its tenant's clients know it, big-endian: what a member adds to
     * its group's digest.
     */
    static long nameHash(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Tenants.strip(name).getBytes(StandardCharsets.UTF_8));
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | hash[i] & 0xFF;
            }
            return value;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
