package dev.convene.systemtests.simulation;

import dev.convene.gateway.core.Principal;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.testkit.sim.Simulation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A client without a session, as over HTTP: publishes one message after the other under an idempotency key, at any gateway,
 * now and then at two at once, until one of them says that it was accepted. Whatever they say has to be the same place.
 */
final class KeyedPublisher {
    private static final long PATIENCE_MS = 3000;
    private static final long AGAIN_MS = 150;

    private final GroupsRun run;
    private final Simulation simulation;
    private final String name;
    private final Map<String, At> accepted = new HashMap<>();
    private int messages;
    private GroupOperation.@Nullable Multicast open;

    /** @param name no other publisher's */
    KeyedPublisher(GroupsRun run, String name) {
        this.run = run;
        this.name = name;
        this.simulation = run.simulation();
    }

    /** Begins with the next message if the one before is through. */
    void act() {
        if (open != null) {
            return;
        }
        String id = name + ++messages;
        String group = simulation.pick(GroupsRun.NAMES);
        open = new GroupOperation.Multicast(
                List.of(group), ServiceLevel.AGREED, 0, Body.ofText(id), false, id, 0, null, null);
        publish(open);
        if (simulation.chance(30)) {
            publish(open);
        }
    }

    private void publish(GroupOperation.Multicast message) {
        CoreGateway to = run.readyGateway(CoreGateway.class);
        if (to == null) {
            again(message, AGAIN_MS);
            return;
        }
        Link link = to.connection(new Link(simulation));
        link.request(
                to.process(),
                () -> to.gateway()
                        .call(Principal.DEVELOPMENT, message)
                        .whenComplete((answer, e) -> link.push(() -> answered(message, answer, e))));
        again(message, PATIENCE_MS);
    }

    private void again(GroupOperation.Multicast message, long delayMs) {
        simulation.after(delayMs, () -> {
            if (message == open) {
                publish(message);
            }
        });
    }

    private void answered(GroupOperation.Multicast message, @Nullable Answer answer, @Nullable Throwable e) {
        if (answer instanceof Answer.Accepted one && one.at() != null) {
            At before = accepted.putIfAbsent(message.key(), one.at());
            if (before != null && !before.equals(one.at())) {
                throw new AssertionError(message.key() + " stands at " + before + " and at " + one.at());
            }
            if (message == open) {
                open = null;
            }
            return;
        }
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        ErrorCode code = cause instanceof ConveneException refusal ? refusal.code() : null;
        if (code == null || !code.isTemporary()) {
            throw new AssertionError(message.key() + " was answered by " + answer + code, cause);
        }
        again(message, AGAIN_MS);
    }

    /** Where its messages stand, by their keys, which are their texts. */
    Map<String, At> accepted() {
        return Map.copyOf(accepted);
    }

    /** What it still waits for, empty if nothing. */
    String unrest() {
        return open == null ? "" : open.key() + " is not published, ";
    }
}
