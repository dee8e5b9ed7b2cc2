package dev.convene.group;

import dev.convene.protocol.Position;

/**
 * Hears everything that members are told, in the one order, on the shard's thread. Arguments are live views of the state:
 * use them during the call only, do not change anything, do not block.
 */
public interface GroupListener {

    /** A message for its receivers. */
    void message(Delivery delivery);

    /** A regular view for the members that want membership messages. Comes after {@code memberAdded/Removed}. */
    void view(View view);

    /** A gateway was lost: the NETWORK view of this group follows. For members that want membership messages. */
    void transitional(Position at, Group group);

    /** The leaver's own, last message of the group, if it wants membership messages. */
    void selfLeft(Position at, Group group, Member leaver);

    /** A member's presence data has changed, for the members that want membership messages. */
    void presence(Position at, Group group, Member member);

    /** State: from now on this member gets the group's messages. */
    void memberAdded(Group group, Member member);

    /** State: from now on this member gets nothing of the group. */
    void memberRemoved(Group group, Member member);

    /** Hears everything and does nothing. */
    GroupListener NONE = new GroupListener() {
        @Override
        public void message(Delivery delivery) {}

        @Override
        public void view(View view) {}

        @Override
        public void transitional(Position at, Group group) {}

        @Override
        public void selfLeft(Position at, Group group, Member leaver) {}

        @Override
        public void presence(Position at, Group group, Member member) {}

        @Override
        public void memberAdded(Group group, Member member) {}

        @Override
        public void memberRemoved(Group group, Member member) {}
    };
}
