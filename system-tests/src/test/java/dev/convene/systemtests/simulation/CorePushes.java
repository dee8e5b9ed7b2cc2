package dev.convene.systemtests.simulation;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Level;
import dev.convene.testkit.check.order.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what the product pushes to a client into what the checkers read. */
final class CorePushes {
    /** @param event null for what the checkers do not look at */
    record Told(At at, @Nullable Event event) {}

    private CorePushes() {}

    static dev.convene.testkit.check.order.Position place(At at, Position position) {
        return new dev.convene.testkit.check.order.Position(at.domain(), 0, position.offset(), position.index());
    }

    static Told told(Push push) {
        return switch (push) {
            case Push.Message m ->
                new Told(
                        m.at(),
                        new Event.Delivered(
                                new String(m.body().bytes(), StandardCharsets.UTF_8),
                                m.from(),
                                m.groups(),
                                Level.valueOf(m.service().name()),
                                place(m.at(), m.at().position())));
            case Push.View v ->
                new Told(
                        v.at(),
                        new Event.View(
                                v.group(),
                                place(v.at(), v.view()),
                                Reason.valueOf(v.reason().name()),
                                List.copyOf(Objects.requireNonNull(v.members())),
                                v.changed()));
            case Push.Transitional t -> new Told(t.at(), new Event.Transitional(t.group()));
            case Push.Left l -> new Told(l.at(), new Event.SelfLeave(l.group(), place(l.at(), l.at().position())));
            case Push.Presence p -> new Told(p.at(), null);
            case Push.Unknown u -> throw new AssertionError("an unknown push: " + u);
        };
    }
}
