package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.ViewReason;
import java.util.List;

/**
 * One membership of a group, as its members are told. Valid during the listener's call: {@code group} goes on changing.
 *
 * @param id the position of the change: equal if and only if it is the same view; never used again
 * @param group the group with its members as of now, in join order, oldest first
 * @param changed who joined, left or was disconnected; for NETWORK the members that stay
 */
public record View(Position id, Group group, ViewReason reason, List<Member> changed) {}
