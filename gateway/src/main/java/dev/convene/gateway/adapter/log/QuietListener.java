package dev.convene.gateway.adapter.log;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.protocol.Position;

/** Passes on what a shard tells, but for what was told before. Not thread-safe. */
final class QuietListener implements GroupListener {
    private final GroupListener listener;
    private boolean quiet;

    QuietListener(GroupListener listener) {
        this.listener = listener;
    }

    void quiet(boolean now) {
        quiet = now;
    }

    @Override
    public void message(Delivery delivery) {
        if (!quiet) {
            listener.message(delivery);
        }
    }

    @Override
    public void view(View view) {
        if (!quiet) {
            listener.view(view);
        }
    }

    @Override
    public void transitional(Position at, Group group) {
        if (!quiet) {
            listener.transitional(at, group);
        }
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        if (!quiet) {
            listener.selfLeft(at, group, leaver);
        }
    }

    @Override
    public void presence(Position at, Group group, Member member) {
        if (!quiet) {
            listener.presence(at, group, member);
        }
    }

    @Override
    public void memberAdded(Group group, Member member) {
        if (!quiet) {
            listener.memberAdded(group, member);
        }
    }

    @Override
    public void memberRemoved(Group group, Member member) {
        if (!quiet) {
            listener.memberRemoved(group, member);
        }
    }
}
