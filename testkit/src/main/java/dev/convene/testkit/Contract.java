package dev.convene.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which cases of the contracts in {@code docs/contract} a test shows to be kept: {@code @Contract("G15")}, or
 * {@code @Contract({"G15", "G16"})}. On a class it stands for every test in it. The list of tests beside each case is
 * checked against these.
 *
 * <p>Modules below testkit cannot use it; there the case is the beginning of the method's name:
 * {@code g15_remainingMembersGetALeaveView}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Contract.All.class)
public @interface Contract {

    /** Ids of cases: a letter for the contract, then the number. */
    String[] value();

    /** Where the annotation stands more than once. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface All {
        Contract[] value();
    }
}
