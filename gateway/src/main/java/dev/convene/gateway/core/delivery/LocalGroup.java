package dev.convene.gateway.core.delivery;

import dev.convene.group.Member;
import dev.convene.protocol.Names;

/** The members of a group that this gateway has to do with. For the tail's thread. */
final class LocalGroup {
    private final String domain;
    /** Members that get every message. */
    private final FanList ordinary = new FanList();
    /** Members that get membership messages. */
    private final FanList watching = new FanList();

    private int members;

    LocalGroup(String name) {
        this.domain = Names.domainOf(name);
    }

    String domain() {
        return domain;
    }

    FanList ordinary() {
        return ordinary;
    }

    FanList watching() {
        return watching;
    }

    void add(Member member, Receiver receiver) {
        members++;
        if (member.isOrdinary()) {
            ordinary.add(receiver);
        }
        if (member.membership()) {
            watching.add(receiver);
        }
    }

    /** @return whether nobody is left */
    boolean remove(Member member, Receiver receiver) {
        members--;
        if (member.isOrdinary()) {
            ordinary.remove(receiver);
        }
        if (member.membership()) {
            watching.remove(receiver);
        }
        return members <= 0;
    }
}
