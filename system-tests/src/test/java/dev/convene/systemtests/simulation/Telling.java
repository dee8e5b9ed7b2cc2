package dev.convene.systemtests.simulation;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Level;
import dev.convene.testkit.check.order.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns what a group shard says into what its sessions are told. */
class Telling implements GroupListener {
    /** Takes what a session is told, in order. */
    @FunctionalInterface
    interface Ear {
        void hear(long session, Told told);
    }

    private final int partition;
    private final Ear ear;

    Telling(int partition, Ear ear) {
        this.partition = partition;
        this.ear = ear;
    }

    /** The place as checkers name it: they know domains, not partitions. */
    static dev.convene.testkit.check.order.Position place(String domain, Position at) {
        return new dev.convene.testkit.check.order.Position(domain, 0, at.offset(), at.index());
    }

    /** The domain of a message: that of its first ordinary target. */
    static String domainOf(List<String> targets) {
        for (String target : targets) {
            if (!target.startsWith("#")) {
                return Names.domainOf(target);
            }
        }
        return Names.DEFAULT_DOMAIN;
    }

    private void tellMembers(Group group, Position at, Event event) {
        for (Member member : group.members()) {
            if (member.membership()) {
                tell(member.session().id(), at, event);
            }
        }
    }

    private void tell(long session, Position at, Event event) {
        ear.hear(session, new Told(partition, at, event, List.of(), false));
    }

    private static List<String> names(Iterable<Member> members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(member.name()));
        return names;
    }

    @Override
    public void message(Delivery delivery) {
        GroupCommand.Multicast message = delivery.message();
        Level level = Level.valueOf(message.service().name());
        Event event = new Event.Delivered(
                new String(message.payload(), StandardCharsets.UTF_8),
                message.from(),
                message.groups(),
                level,
                place(domainOf(message.groups()), delivery.at()));
        boolean waits = message.service().number() >= ServiceLevel.CAUSAL.number();
        Told told = new Told(partition, delivery.at(), event, message.causes(), waits);
        delivery.forEachReceiver(session -> ear.hear(session.id(), told));
    }

    @Override
    public void view(View view) {
        Group group = view.group();
        Event event = new Event.View(
                group.name(),
                place(Names.domainOf(group.name()), view.id()),
                Reason.valueOf(view.reason().name()),
                names(group.members()),
                names(view.changed()));
        tellMembers(group, view.id(), event);
    }

    @Override
    public void transitional(Position at, Group group) {
        tellMembers(group, at, new Event.Transitional(group.name()));
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        tell(leaver.session().id(), at, new Event.SelfLeave(group.name(), place(Names.domainOf(group.name()), at)));
    }

    @Override
    public void presence(Position at, Group group, Member member) {}

    @Override
    public void memberAdded(Group group, Member member) {}

    @Override
    public void memberRemoved(Group group, Member member) {}
}
