package dev.convene.systemtests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every case of the contract has a test, and the document says which. */
class ContractTests {
    private static final Path GROUPS = TestSources.root().resolve("docs/contract/groups.md");
    private static final int CASES = 65;

    private final List<CaseTest> tests = TestSources.all();

    private static ContractDocument groups() throws IOException {
        return new ContractDocument(Files.readString(GROUPS));
    }

    @Test
    void theDocumentHasEveryCaseOnceAndInOrder() throws IOException {
        assertThat(groups().cases())
                .isEqualTo(
                        IntStream.rangeClosed(1, CASES).mapToObj(i -> "G" + i).toList());
    }

    @Test
    void everyCaseHasATestInsideAndOneOfARunningSystem() throws IOException {
        List<String> inside = new ArrayList<>(groups().cases());
        List<String> running = new ArrayList<>(inside);
        for (CaseTest test : tests) {
            if (test.surfaces().contains(CaseTest.Surface.CORE)
                    || test.surfaces().contains(CaseTest.Surface.SIMULATION)) {
                inside.remove(test.contractCase());
            } else {
                running.remove(test.contractCase());
            }
        }
        assertThat(inside).as("cases without a test of the core").isEmpty();
        assertThat(running).as("cases without a test of a running system").isEmpty();
    }

    @Test
    void noTestNamesACaseThatIsNotThere() throws IOException {
        List<String> known = groups().cases();
        assertThat(tests)
                .filteredOn(test -> test.contractCase().startsWith("G"))
                .allSatisfy(test -> assertThat(known).as(test.test()).contains(test.contractCase()));
    }

    /** Writes the lists again if they are stale, and fails then, so that the change is seen and committed. */
    @Test
    void theDocumentListsTheTests() throws IOException {
        String present = Files.readString(GROUPS);
        String wanted = new ContractDocument(present).with(tests);
        if (!present.equals(wanted)) {
            Files.writeString(GROUPS, wanted);
            fail("docs/contract/groups.md was stale and has been written again; look at the change and commit it");
        }
    }
}
