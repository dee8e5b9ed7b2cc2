package dev.convene.testkit.client;

import dev.convene.protocol.Limits;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The limits as they are by default but for one. */
public final class TestLimits {
    private TestLimits() {}

    /** @param name that of the limit, such as {@code graceMs} */
    public static Limits with(String name, Number value) {
        RecordComponent[] components = Limits.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object changed = types[i] == long.class ? (Object) value.longValue() : (Object) value.intValue();
                values[i] = components[i].getName().equals(name)
                        ? changed
                        : components[i].getAccessor().invoke(Limits.DEFAULT);
            }
            if (Arrays.stream(components).noneMatch(one -> one.getName().equals(name))) {
                throw new IllegalArgumentException("there is no limit " + name);
            }
            return Limits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
