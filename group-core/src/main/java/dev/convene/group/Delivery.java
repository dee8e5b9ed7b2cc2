package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.Attachment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message at its place in the order. Everybody named gets one copy, however often named. Valid during the listener's
 * call.
 *
 * @param at its place
 * @param message the message; its payload must not be changed
 * @param sender the sending session, null if a client sent without one
 * @param groups the ordinary target groups that have members; their {@linkplain Member#isOrdinary ordinary} members get it
 * @param privateReceivers sessions addressed by their private group
 * @param queueReceivers for each queue group of the targets the member that it was given to
 * @param redelivered whether another queue member had it before
 */
public record Delivery(
        Position at,
        GroupCommand.Multicast message,
        @Nullable Attachment sender,
        List<Group> groups,
        List<Attachment> privateReceivers,
        List<Member> queueReceivers,
        boolean redelivered) {

    /** Calls once for every session that gets a copy. For one group without private targets nothing is allocated. */
    public void forEachReceiver(Consumer<Attachment> receiver) {
        Attachment excluded = message.selfDiscard() ? sender : null;
        if (groups.size() == 1 && privateReceivers.isEmpty() && queueReceivers.isEmpty()) {
            for (Member member : groups.getFirst().members()) {
                if (member.isOrdinary() && member.session() != excluded) {
                    receiver.accept(member.session());
                }
            }
            return;
        }
        Map<Long, Attachment> once = new LinkedHashMap<>();
        for (Group group : groups) {
            for (Member member : group.members()) {
                if (member.isOrdinary()) {
                    once.putIfAbsent(member.session().id(), member.session());
                }
            }
        }
        queueReceivers.forEach(member -> once.putIfAbsent(member.session().id(), member.session()));
        privateReceivers.forEach(session -> once.putIfAbsent(session.id(), session));
        if (excluded != null) {
            once.remove(excluded.id());
        }
        once.values().forEach(receiver);
    }
}
