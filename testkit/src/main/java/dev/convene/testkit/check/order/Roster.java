package dev.convene.testkit.check.order;

import java.util.List;
import java.util.Objects;

/** The members of a view as the receiver was told them: by name, or, for large groups, only counted. */
public sealed interface Roster {

    /** Every member by name, in join order, oldest first. */
    record Listed(List<String> members) implements Roster {
        public Listed {
            members = List.copyOf(members);
        }
    }

    /** How many members there are, and a digest of their list; for groups above the announced limit of a full list. */
    record Counted(int size, String digest) implements Roster {
        public Counted {
            if (size < 0) {
                throw new IllegalArgumentException("size must not be negative: " + size);
            }
            Objects.requireNonNull(digest, "digest");
        }
    }
}
