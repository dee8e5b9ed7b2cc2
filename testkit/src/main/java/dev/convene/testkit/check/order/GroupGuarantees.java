package dev.convene.testkit.check.order;

import java.util.List;

/** Everything a group promises, in one call: all the checkers of this package, one after the other. */
public final class GroupGuarantees implements Checker {

    private static final List<Checker> ALL = List.of(
            new AtMostOnce(),
            new Integrity(),
            new TotalOrder(),
            new FifoOrder(),
            new CausalOrder(),
            new SelfInclusion(),
            new SameViews(),
            new Membership(),
            new ViewSynchrony(),
            new NothingLost());

    @Override
    public Violations check(History history) {
        return ALL.stream().map(checker -> checker.check(history)).reduce(Violations.NONE, Violations::and);
    }
}
