package dev.convene.systemtests.simulation;

import dev.convene.protocol.Names;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Level;
import dev.convene.testkit.check.order.SessionRecorder;
import dev.convene.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/** What a client of the product's gateway core asks for: numbered, or some of it under idempotency keys. */
final class Asking {
    private static final List<ServiceLevel> LEVELS = List.of(ServiceLevel.values());

    private final GroupsRun run;
    private final Simulation simulation;
    private final boolean numbers;
    private long nextSeq = 1;
    private int messages;

    Asking(GroupsRun run, boolean numbers) {
        this.run = run;
        this.simulation = run.simulation();
        this.numbers = numbers;
    }

    Asked join(String group) {
        long seq = number();
        return new Asked(new GroupOperation.Join(group, null, null, null, null, seq), seq, null);
    }

    /** Something; a message is noted as sent. */
    Asked anything(String session, SessionRecorder recorder) {
        String group = simulation.pick(GroupsRun.NAMES);
        if (simulation.chance(20)) {
            return join(group);
        }
        if (simulation.chance(10)) {
            long seq = number();
            return new Asked(new GroupOperation.Leave(group, seq), seq, null);
        }
        return multicast(group, session, recorder);
    }

    private long number() {
        return numbers ? nextSeq++ : 0;
    }

    private Asked multicast(String group, String session, SessionRecorder recorder) {
        ServiceLevel level = simulation.pick(LEVELS);
        // Nothing tells copies of an unreliable message apart: it is not asked again. A key does, but keeps no order.
        boolean keyed = !numbers && level == ServiceLevel.RELIABLE;
        long seq = level == ServiceLevel.UNRELIABLE ? 0 : number();
        List<String> targets = targets(group);
        String messageId = session + "m" + ++messages;
        boolean selfDiscard = simulation.chance(15);
        recorder.add(new Event.Sent(messageId, Level.valueOf(level.name()), targets, selfDiscard, List.of()));
        Body body = Body.ofText(messageId);
        String key = keyed ? messageId : null;
        return new Asked(
                new GroupOperation.Multicast(targets, level, 0, body, selfDiscard, key, seq, null, null),
                keyed ? nextSeq++ : seq,
                messageId);
    }

    private List<String> targets(String group) {
        List<String> targets = new ArrayList<>(List.of(group));
        String other = simulation.pick(GroupsRun.NAMES);
        if (simulation.chance(25) && Names.domainOf(other).equals(Names.domainOf(group)) && !other.equals(group)) {
            targets.add(other);
        }
        if (simulation.chance(15) && Names.domainOf(group).equals(Names.DEFAULT_DOMAIN)) {
            targets.add(run.somebody().name());
        }
        return targets;
    }
}
