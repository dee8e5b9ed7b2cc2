package dev.convene.testkit.check.order;

/** One property of ordered multicast that every history has to have. Checkers keep no state between calls. */
public interface Checker {

    /** Says where the history lacks the property; nothing found means that it has it as far as the history tells. */
    Violations check(History history);
}
