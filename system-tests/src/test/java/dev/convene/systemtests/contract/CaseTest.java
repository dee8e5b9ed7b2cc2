package dev.convene.systemtests.contract;

import java.util.Comparator;
import java.util.Set;

/**
 * A test that shows a case.
 *
 * @param contractCase the case's id
 * @param surfaces where it looks
 * @param test the class and the method
 */
record CaseTest(String contractCase, Set<Surface> surfaces, String test) {
    static final Comparator<CaseTest> BY_NAME = Comparator.comparing(CaseTest::test);

    /** From where a test looks at the system. */
    enum Surface {
        CORE,
        SIMULATION,
        WS,
        HTTP,
        CLUSTER
    }
}
