package dev.convene.testkit.check.order;

/**
 * One view of one group, identified by group and view id, as the first session was told it.
 *
 * @param number its number among the views
 * @param group  the group's number
 * @param domain the number of the domain of its id
 * @param view   the first telling
 * @param toldTo the session that was told it first
 */
record ViewInstance(int number, int group, int domain, Event.View view, String toldTo) {

    Position id() {
        return view.id();
    }
}
