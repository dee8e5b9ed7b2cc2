package dev.convene.runtime.host.beat;

/**
 * One run of one instance. Owners are known by it in term records, so that a process never takes the term of an earlier
 * process of the same name for its own.
 *
 * @param instance the instance's name, unique in the cluster among those that run: 1 to 64 letters, digits, {@code .},
 *     {@code -} and {@code _}
 * @param run any number that no other run of the instance has
 */
public record Life(String instance, long run) {
    public Life {
        if (!instance.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "an instance name is 1 to 64 letters, digits, '.', '-' and '_', not '" + instance + "'");
        }
    }

    /** The name of the instance in {@code instance@run}. */
    public static String instanceOf(String life) {
        int at = life.indexOf('@');
        return at < 0 ? life : life.substring(0, at);
    }

    /** {@code instance@run}. */
    @Override
    public String toString() {
        return instance + "@" + Long.toUnsignedString(run, 36);
    }
}
