package dev.convene.testkit.check.order;

/**
 * How a session stands with a group that it has been a member of.
 *
 * @param joinedAt  the event by which it joined
 * @param joinedId  the view by which it joined
 * @param view      the latest view
 * @param viewedAt  the event of the latest view
 * @param signalled whether a transitional signal came since
 * @param leftAt    the event by which it left; {@link #NOT_LEFT} while it is a member
 */
record Standing(int joinedAt, Position joinedId, Event.View view, int viewedAt, boolean signalled, int leftAt) {

    static final int NOT_LEFT = -1;

    static Standing joined(int event, Event.View view) {
        return new Standing(event, view.id(), view, event, false, NOT_LEFT);
    }

    boolean isMember() {
        return leftAt == NOT_LEFT;
    }

    Standing afterView(int event, Event.View next) {
        return new Standing(joinedAt, joinedId, next, event, false, NOT_LEFT);
    }

    Standing afterSignal() {
        return new Standing(joinedAt, joinedId, view, viewedAt, true, leftAt);
    }

    Standing afterLeaving(int event) {
        return new Standing(joinedAt, joinedId, view, viewedAt, signalled, event);
    }
}
