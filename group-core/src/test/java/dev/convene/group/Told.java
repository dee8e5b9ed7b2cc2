package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.ViewReason;
import java.util.List;

/** What a session is told, as a gateway would write it into its stream. Names are those in views: private groups. */
sealed interface Told {

    /** @param queue whether the session got it as a queue member and has to acknowledge it */
    record Message(
            Position at,
            String from,
            List<String> groups,
            String service,
            int type,
            String body,
            boolean queue,
            boolean redelivered)
            implements Told {}

    record View(String group, Position id, ViewReason reason, List<String> members, List<String> changed)
            implements Told {}

    record Transitional(String group, Position at) implements Told {}

    record SelfLeave(String group, Position at) implements Told {}

    record Presence(String group, Position at, String member, String data) implements Told {}
}
