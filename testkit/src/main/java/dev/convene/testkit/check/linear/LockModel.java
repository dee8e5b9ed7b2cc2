package dev.convene.testkit.check.linear;

import java.util.List;
import java.util.Optional;

/**
 * A lock that one owner holds at a time, and not twice. The state is the owner.
 *
 * <p>Who waits and is told that the time is up has not got it: {@link Output#TIMED_OUT}. Whose own patience ends before an
 * answer comes may have it or not: an outcome that nobody saw. What a lost session held is released at some moment after
 * the loss: note a release by that owner that nobody saw.
 */
public final class LockModel implements Model<Optional<String>, LockModel.Input, LockModel.Output> {

    /** What can be asked of a lock. */
    public sealed interface Input {

        /** This owner wants it. */
        record Acquire(String owner) implements Input {}

        /** This owner gives it back. */
        record Release(String owner) implements Input {}
    }

    /** What a lock answers. */
    public enum Output {
        /** The owner has it now. */
        ACQUIRED,
        /** Somebody had it, and the owner did not want to wait. */
        BUSY,
        /** The owner waited, and its time was up. */
        TIMED_OUT,
        /** It is free now. */
        RELEASED,
        /** The one that wanted to give it back did not have it. */
        REFUSED
    }

    @Override
    public Optional<String> initial() {
        return Optional.empty();
    }

    @Override
    public List<Optional<String>> after(Optional<String> owner, Input input, Output output) {
        return switch (input) {
            case Input.Acquire acquire ->
                switch (output) {
                    case ACQUIRED -> afterUnseen(owner, input);
                    case BUSY -> owner.isPresent() ? List.of(owner) : List.of();
                    case TIMED_OUT -> List.of(owner);
                    case RELEASED, REFUSED -> List.of();
                };
            case Input.Release release ->
                switch (output) {
                    case RELEASED -> afterUnseen(owner, input);
                    case REFUSED -> owner.equals(Optional.of(release.owner())) ? List.of() : List.of(owner);
                    case ACQUIRED, BUSY, TIMED_OUT -> List.of();
                };
        };
    }

    @Override
    public List<Optional<String>> afterUnseen(Optional<String> owner, Input input) {
        return switch (input) {
            case Input.Acquire acquire -> owner.isEmpty() ? List.of(Optional.of(acquire.owner())) : List.of();
            case Input.Release release ->
                owner.equals(Optional.of(release.owner())) ? List.of(Optional.empty()) : List.of();
        };
    }

    @Override
    public boolean isReadOnly(Input input, Output output) {
        return switch (output) {
            case ACQUIRED, RELEASED -> false;
            case BUSY, TIMED_OUT, REFUSED -> true;
        };
    }
}
