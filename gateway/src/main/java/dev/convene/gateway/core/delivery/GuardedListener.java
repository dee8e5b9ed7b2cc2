package dev.convene.gateway.core.delivery;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.protocol.Position;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps faults of the delivery to members away from the state machine that calls it, which they would halt although its state
 * is sound. Whoever may not have got what was due to it is named: it has to begin again from the log.
 */
final class GuardedListener implements GroupListener {
    /** Told what failed, in the middle of a record. */
    @FunctionalInterface
    interface Failed {
        /** @param sessions whom it concerned */
        void failed(RuntimeException cause, Set<Long> sessions);
    }

    private final GroupListener listener;
    private final Failed failed;

    GuardedListener(GroupListener listener, Failed failed) {
        this.listener = listener;
        this.failed = failed;
    }

    @Override
    public void message(Delivery delivery) {
        try {
            listener.message(delivery);
        } catch (RuntimeException e) {
            Set<Long> receivers = new LinkedHashSet<>();
            delivery.forEachReceiver(session -> receivers.add(session.id()));
            failed.failed(e, receivers);
        }
    }

    @Override
    public void view(View view) {
        try {
            listener.view(view);
        } catch (RuntimeException e) {
            failed.failed(e, members(view.group()));
        }
    }

    @Override
    public void transitional(Position at, Group group) {
        try {
            listener.transitional(at, group);
        } catch (RuntimeException e) {
            failed.failed(e, members(group));
        }
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        try {
            listener.selfLeft(at, group, leaver);
        } catch (RuntimeException e) {
            failed.failed(e, Set.of(leaver.session().id()));
        }
    }

    @Override
    public void presence(Position at, Group group, Member member) {
        try {
            listener.presence(at, group, member);
        } catch (RuntimeException e) {
            failed.failed(e, members(group));
        }
    }

    @Override
    public void memberAdded(Group group, Member member) {
        try {
            listener.memberAdded(group, member);
        } catch (RuntimeException e) {
            failed.failed(e, Set.of(member.session().id()));
        }
    }

    @Override
    public void memberRemoved(Group group, Member member) {
        try {
            listener.memberRemoved(group, member);
        } catch (RuntimeException e) {
            failed.failed(e, Set.of(member.session().id()));
        }
    }

    private static Set<Long> members(Group group) {
        Set<Long> sessions = new LinkedHashSet<>();
        group.members().forEach(member -> sessions.add(member.session().id()));
        return sessions;
    }
}
