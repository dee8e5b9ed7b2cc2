package dev.convene.testkit.check.order;

import java.util.List;

/** Which order domain a group's name is in: {@code a/b} is in {@code a}, a plain name in {@code default}. */
final class Domains {

    private static final String DEFAULT = "default";

    private Domains() {}

    static boolean isPrivate(String target) {
        return target.startsWith("#");
    }

    static String of(String group) {
        int slash = group.indexOf('/');
        return slash < 0 || isPrivate(group) ? DEFAULT : group.substring(0, slash);
    }

    /** The domain of the first target that is an ordinary group; private names alone are in the default domain. */
    static String ofTargets(List<String> targets) {
        for (String target : targets) {
            if (!isPrivate(target)) {
                return of(target);
            }
        }
        return DEFAULT;
    }
}
