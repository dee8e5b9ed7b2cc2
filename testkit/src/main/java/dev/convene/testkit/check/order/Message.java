package dev.convene.testkit.check.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the whole history knows of one message: how it was sent, if its sender was recorded, else how it was delivered. */
final class Message {

    /** The session number of {@link #senderSession} when nobody recorded the send. */
    static final int UNRECORDED = -1;

    final String id;
    int senderSession = UNRECORDED;
    int sentAt;

    Event.@Nullable Sent sent;

    private Event.@Nullable Delivered firstDelivery;

    Message(String id) {
        this.id = id;
    }

    void deliveredAs(Event.Delivered delivery) {
        if (firstDelivery == null) {
            firstDelivery = delivery;
        }
    }

    Level level() {
        if (sent != null) {
            return sent.level();
        }
        return firstDelivery == null ? Level.UNRELIABLE : firstDelivery.level();
    }

    List<String> targets() {
        if (sent != null) {
            return sent.targets();
        }
        return firstDelivery == null ? List.of() : firstDelivery.groups();
    }

    /** The member name of the sender, as the first receiver was told. */
    String senderTold() {
        return firstDelivery == null ? "" : firstDelivery.sender();
    }

    boolean selfDiscard() {
        return sent != null && sent.selfDiscard();
    }

    boolean sentBy(int session) {
        return senderSession == session;
    }
}
