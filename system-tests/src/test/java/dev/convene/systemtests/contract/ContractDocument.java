package dev.convene.systemtests.contract;

import dev.convene.systemtests.contract.CaseTest.Surface;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document of cases with the lists of tests below each: everything but those lists is written by people. */
final class ContractDocument {
    private static final Pattern CASE = Pattern.compile("- \\*\\*([A-Z]\\d+)\\*\\* .*");
    private static final String LISTED = "  - ";

    private final List<String> lines;

    ContractDocument(String text) {
        lines = text.lines().toList();
    }

    /** The ids of the cases, in order. */
    List<String> cases() {
        List<String> cases = new ArrayList<>();
        for (String line : lines) {
            Matcher found = CASE.matcher(line);
            if (found.matches()) {
                cases.add(found.group(1));
            }
        }
        return cases;
    }

    /** The same document with the lists that follow from these tests. */
    String with(List<CaseTest> tests) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith(LISTED)) {
                continue;
            }
            text.append(line).append('\n');
            Matcher found = CASE.matcher(line);
            if (found.matches()) {
                lists(found.group(1), tests)
                        .forEach((surface, names) -> text.append(LISTED)
                                .append(surface.name().toLowerCase(Locale.ROOT))
                                .append(": `")
                                .append(String.join("`, `", names))
                                .append("`\n"));
            }
        }
        return text.toString();
    }

    private static Map<Surface, TreeSet<String>> lists(String contractCase, List<CaseTest> tests) {
        Map<Surface, TreeSet<String>> lists = new EnumMap<>(Surface.class);
        for (CaseTest test : tests) {
            if (test.contractCase().equals(contractCase)) {
                test.surfaces()
                        .forEach(surface -> lists.computeIfAbsent(surface, s -> new TreeSet<>())
                                .add(test.test()));
            }
        }
        return lists;
    }
}
