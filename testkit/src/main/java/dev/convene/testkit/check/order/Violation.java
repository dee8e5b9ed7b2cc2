package dev.convene.testkit.check.order;

/** One place where a history breaks a promise, with everything a person needs to look at it. */
public sealed interface Violation permits OrderViolation, DeliveryViolation, ViewViolation, MembershipViolation {

    /** The numbered case of the contract that is broken, such as {@code G26}. */
    String contractCase();

    /** The session that saw it. */
    String receiver();

    /** Which of that session's events shows it, counted from 0. */
    int index();

    /** What is wrong, in a sentence that names the receiver, the event and whatever it contradicts. */
    String explanation();
}
