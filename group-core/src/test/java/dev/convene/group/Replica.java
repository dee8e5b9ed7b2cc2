package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A machine with a listener that keeps for every session what it is told, and a sink that keeps every answer. */
final class Replica implements GroupListener, EffectSink {

    /** An answer that was given out. */
    record Given(Position id, long incarnation, long requester, long number, Answer answer) {
        /** A record with an array in it is not equal to its like. */
        String text() {
            return id + " " + incarnation + " " + requester + " " + number + " " + answer.code() + " " + answer.at()
                    + " " + answer.duplicate() + " " + java.util.HexFormat.of().formatHex(answer.body());
        }
    }

    final Map<Long, List<Told>> streams = new TreeMap<>();
    final List<Given> answers = new ArrayList<>();
    /** What the last record gave alone. */
    final Map<Long, List<Told>> lastTold = new TreeMap<>();

    final List<Given> lastAnswers = new ArrayList<>();
    final List<Passed> passed = new ArrayList<>();
    /** Members by group name, followed by the listener's state calls alone. */
    final Map<String, Set<Long>> followed = new HashMap<>();

    final GroupShard shard;
    final ShardMachine<GroupCommand> machine;

    Replica() {
        shard = new GroupShard(this);
        machine = new ShardMachine<>(shard, Set.of());
    }

    private Replica(byte[] snapshot) {
        shard = new GroupShard(this);
        machine = ShardMachine.fromSnapshot(shard, snapshot, Set.of());
    }

    /** A new replica that starts from a snapshot of this one, with empty streams. */
    Replica restarted() {
        return new Replica(machine.snapshot());
    }

    void apply(long offset, byte @Nullable [] header, byte[] value) {
        lastTold.clear();
        lastAnswers.clear();
        machine.apply(offset, header, value, this);
    }

    List<Told> stream(long session) {
        return streams.getOrDefault(session, List.of());
    }

    private void tell(Attachment session, Told told) {
        streams.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(told);
        lastTold.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(told);
    }

    private void tellMembers(Group group, Told told) {
        for (Member member : group.members()) {
            if (member.membership()) {
                tell(member.session(), told);
            }
        }
    }

    private static List<String> names(Iterable<Member> members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(member.name()));
        return names;
    }

    @Override
    public void message(Delivery delivery) {
        GroupCommand.Multicast m = delivery.message();
        Told told = new Told.Message(
                delivery.at(),
                m.from(),
                m.groups(),
                m.service().wireName(),
                m.type(),
                new String(m.payload(), StandardCharsets.ISO_8859_1),
                !delivery.queueReceivers().isEmpty(),
                delivery.redelivered());
        List<Attachment> receivers = new ArrayList<>();
        delivery.forEachReceiver(receivers::add);
        if (new HashSet<>(receivers).size() != receivers.size()) {
            throw new AssertionError("somebody gets two copies: " + receivers);
        }
        receivers.forEach(session -> tell(session, told));
    }

    @Override
    public void view(View view) {
        Group group = view.group();
        tellMembers(
                group,
                new Told.View(group.name(), view.id(), view.reason(), names(group.members()), names(view.changed())));
    }

    @Override
    public void transitional(Position at, Group group) {
        tellMembers(group, new Told.Transitional(group.name(), at));
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        tell(leaver.session(), new Told.SelfLeave(group.name(), at));
    }

    @Override
    public void presence(Position at, Group group, Member member) {
        String data = new String(member.presence(), StandardCharsets.UTF_8);
        tellMembers(group, new Told.Presence(group.name(), at, member.name(), data));
    }

    @Override
    public void memberAdded(Group group, Member member) {
        if (!followed.computeIfAbsent(group.name(), name -> new HashSet<>())
                .add(member.session().id())) {
            throw new AssertionError(member.name() + " is added to " + group.name() + " twice");
        }
    }

    @Override
    public void memberRemoved(Group group, Member member) {
        if (!followed.getOrDefault(group.name(), Set.of())
                .remove(member.session().id())) {
            throw new AssertionError(member.name() + " is removed from " + group.name() + " and was not in it");
        }
        if (followed.getOrDefault(group.name(), Set.of()).isEmpty()) {
            followed.remove(group.name());
        }
    }

    /** The members as the state has them, to be compared with {@link #followed}. */
    Map<String, Set<Long>> members() {
        Map<String, Set<Long>> members = new HashMap<>();
        for (Group group : shard.groups().all()) {
            Set<Long> ids = new HashSet<>();
            group.members().stream().map(Member::session).map(Attachment::id).forEach(ids::add);
            if (!ids.isEmpty()) {
                members.put(group.name(), ids);
            }
        }
        return members;
    }

    @Override
    public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
        Given given = new Given(id, incarnation, requester, number, answer);
        answers.add(given);
        lastAnswers.add(given);
    }

    @Override
    public void push(Position id, long incarnation, long requester, byte[] body) {
        throw new AssertionError("groups push nothing");
    }

    @Override
    public void forward(Position id, String log, int partition, byte[] command) {
        throw new AssertionError("groups forward nothing");
    }

    @Override
    public void tell(Position id, String log, int partition, SessionEvent event) {
        throw new AssertionError("groups decide nothing about sessions");
    }

    @Override
    public void passedOver(long offset, Origin origin, Passed reason) {
        passed.add(reason);
    }
}
