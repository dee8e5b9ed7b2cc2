package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.group.View;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.Attachment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From what members of one partition are told to the queues of those served here: one push, shared by all of its receivers.
 * A message to one group costs a look-up and one append per receiver. For the tail's thread.
 */
final class FanOut implements GroupListener {
    private final int partition;
    private final Map<Long, Receiver> receivers;
    private final Courier courier;
    private final Ring.StampSource stamps;
    private final Pushes pushes;
    private final long ringBytesMax;
    private final Map<String, LocalGroup> groups = new HashMap<>();

    private Ring ring;
    private Position lastAt = Position.START;

    FanOut(
            int partition,
            Map<Long, Receiver> receivers,
            Courier courier,
            Ring.StampSource stamps,
            Pushes pushes,
            long ringBytesMax) {
        this.partition = partition;
        this.receivers = receivers;
        this.courier = courier;
        this.stamps = stamps;
        this.pushes = pushes;
        this.ringBytesMax = ringBytesMax;
        this.ring = new Ring(ringBytesMax, 0);
    }

    Ring ring() {
        return ring;
    }

    /** The place of the newest thing that members were told. */
    Position lastAt() {
        return lastAt;
    }

    void started(long nextOffset) {
        groups.clear();
        ring = new Ring(ringBytesMax, nextOffset);
    }

    /** From now on this receiver gets what its session's memberships here give it. */
    void enter(Receiver receiver, List<Member> members) {
        for (Member member : members) {
            localGroup(member.group()).add(member, receiver);
        }
    }

    /** The receiver stands in no list any longer. */
    void leave(Receiver receiver, List<Member> members) {
        for (Member member : members) {
            drop(member, receiver);
        }
    }

    private LocalGroup localGroup(Group group) {
        return groups.computeIfAbsent(group.name(), LocalGroup::new);
    }

    private void drop(Member member, Receiver receiver) {
        String name = member.group().name();
        LocalGroup group = groups.get(name);
        if (group != null && group.remove(member, receiver)) {
            groups.remove(name);
        }
    }

    @Override
    public void memberAdded(Group group, Member member) {
        Receiver receiver = receivers.get(member.session().id());
        if (receiver == null) {
            return;
        }
        Place place = receiver.place(partition);
        if (place == null) {
            return;
        }
        localGroup(group).add(member, receiver);
        LocalSession session = receiver.session;
        Consumer<Position> historyFirst =
                session == null ? null : session.historyJoins().take(group.name());
        if (historyFirst != null) {
            place.hold(lastAt);
            historyFirst.accept(lastAt);
        }
    }

    @Override
    public void memberRemoved(Group group, Member member) {
        Receiver receiver = receivers.get(member.session().id());
        if (receiver != null && receiver.place(partition) != null) {
            drop(member, receiver);
        }
    }

    @Override
    public void message(Delivery delivery) {
        lastAt = delivery.at();
        GroupCommand.Multicast message = delivery.message();
        boolean ordered = message.service().number() >= ServiceLevel.CAUSAL.number();
        Receiver excluded = message.selfDiscard() ? receiver(delivery.sender()) : null;
        if (delivery.groups().size() == 1
                && delivery.privateReceivers().isEmpty()
                && delivery.queueReceivers().isEmpty()) {
            LocalGroup group = groups.get(delivery.groups().getFirst().name());
            if (group != null && group.ordinary().count() > 0) {
                SharedPush push = pushes.shared(delivery, null, false);
                Parcel parcel = new Parcel(delivery.at(), push, message.causes(), ordered);
                remember(parcel, group.ordinary(), excluded);
                give(delivery.at(), push, message, ordered, group.ordinary(), excluded);
            }
            return;
        }
        toMany(delivery, ordered, excluded);
    }

    private void remember(Parcel parcel, FanList to, @Nullable Receiver excluded) {
        ring.add(new Ring.Entry(parcel, to.array(), to.count(), excluded));
    }

    private @Nullable Receiver receiver(@Nullable Attachment session) {
        return session == null ? null : receivers.get(session.id());
    }

    private void give(
            Position at,
            SharedPush push,
            GroupCommand.Multicast message,
            boolean ordered,
            FanList to,
            @Nullable Receiver excluded) {
        @Nullable Receiver[] array = to.array();
        int count = to.count();
        for (int i = 0; i < count; i++) {
            Receiver receiver = array[i];
            if (receiver != null && receiver != excluded) {
                courier.deliver(receiver, partition, at, push, message.causes(), ordered);
            }
        }
    }

    /** Several groups, private groups, queue members: whoever is named more than once gets one copy. */
    private void toMany(Delivery delivery, boolean ordered, @Nullable Receiver excluded) {
        long stamp = stamps.next();
        if (excluded != null) {
            excluded.stamp = stamp;
        }
        List<Receiver> all = new ArrayList<>();
        // A request is no reply, not even to itself.
        boolean mayReply = !delivery.message().correlation().isEmpty()
                && delivery.message().replyTo().isEmpty();
        List<Receiver> asking = new ArrayList<>(0);
        for (Group target : delivery.groups()) {
            LocalGroup group = groups.get(target.name());
            if (group != null) {
                gather(group.ordinary(), stamp, all);
            }
        }
        for (Attachment session : delivery.privateReceivers()) {
            Receiver receiver = receivers.get(session.id());
            if (receiver != null && receiver.stamp != stamp) {
                receiver.stamp = stamp;
                (mayReply ? asking : all).add(receiver);
            }
        }
        if (!all.isEmpty()) {
            give(delivery, pushes.shared(delivery, null, false), ordered, all);
        }
        if (!asking.isEmpty()) {
            give(delivery, pushes.reply(delivery), ordered, asking);
        }
        for (Member member : delivery.queueReceivers()) {
            Receiver receiver = receivers.get(member.session().id());
            if (receiver != null && receiver.stamp != stamp) {
                receiver.stamp = stamp;
                QueueGroup queue = member.queue();
                give(
                        delivery,
                        pushes.shared(delivery, queue == null ? null : queue.name(), false),
                        ordered,
                        List.of(receiver));
            }
        }
    }

    private static void gather(FanList from, long stamp, List<Receiver> into) {
        @Nullable Receiver[] array = from.array();
        for (int i = 0; i < from.count(); i++) {
            Receiver receiver = array[i];
            if (receiver != null && receiver.stamp != stamp) {
                receiver.stamp = stamp;
                into.add(receiver);
            }
        }
    }

    private void give(Delivery delivery, SharedPush push, boolean ordered, List<Receiver> to) {
        List<GroupCommand.Cause> causes = delivery.message().causes();
        Parcel parcel = new Parcel(delivery.at(), push, causes, ordered);
        ring.add(new Ring.Entry(parcel, to.toArray(new Receiver[0]), to.size(), null));
        for (Receiver receiver : to) {
            courier.deliver(receiver, partition, delivery.at(), push, causes, ordered);
        }
    }

    @Override
    public void view(View view) {
        lastAt = view.id();
        toWatching(view.group(), view.id(), () -> pushes.shared(view));
    }

    @Override
    public void transitional(Position at, Group group) {
        lastAt = at;
        toWatching(group, at, () -> pushes.transitional(at, group));
    }

    private void toWatching(Group of, Position at, java.util.function.Supplier<SharedPush> make) {
        LocalGroup group = groups.get(of.name());
        if (group == null || group.watching().count() == 0) {
            return;
        }
        SharedPush push = make.get();
        FanList watching = group.watching();
        remember(new Parcel(at, push, List.of(), false), watching, null);
        for (int i = 0; i < watching.count(); i++) {
            Receiver receiver = watching.array()[i];
            if (receiver != null) {
                courier.deliver(receiver, partition, at, push, List.of(), false);
            }
        }
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        lastAt = at;
        Receiver receiver = receivers.get(leaver.session().id());
        if (receiver != null) {
            SharedPush push = pushes.left(at, group);
            Parcel parcel = new Parcel(at, push, List.of(), false);
            ring.add(new Ring.Entry(parcel, new Receiver[] {receiver}, 1, null));
            courier.deliver(receiver, partition, at, push, List.of(), false);
        }
    }

    @Override
    public void presence(Position at, Group group, Member member) {
        lastAt = at;
        toWatching(group, at, () -> pushes.presence(at, group, member));
    }
}
