package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.Tenants;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Puts a tenant before every name in a tree of records, found by the names of their components alone. */
final class Renamed {
    private static final Set<String> NAMES = Set.of(
            "group",
            "groups",
            "to",
            "replyTo",
            "prefix",
            "domain",
            "after",
            "from",
            "member",
            "members",
            "changed",
            "dropped",
            "privateGroup",
            "next",
            "name");

    private Renamed() {}

    static Object of(String tenant, Object record) {
        try {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                Object value = components[i].getAccessor().invoke(record);
                values[i] = renamed(tenant, components[i].getName(), value);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object renamed(String tenant, String component, Object value) {
        return switch (value) {
            case null -> null;
            case At at -> new At(Tenants.qualify(tenant, at.domain()), at.epoch(), at.position());
            case String name when NAMES.contains(component) -> Tenants.qualify(tenant, name);
            case String key when component.equals("key") -> Tenants.qualifyKey(tenant, key);
            case List<?> list ->
                list.stream().map(one -> renamed(tenant, component, one)).toList();
            case GroupOperation operation -> of(tenant, operation);
            case HistoryStart start -> of(tenant, start);
            case Push push -> of(tenant, push);
            case Answer.Member member -> of(tenant, member);
            case Answer.GroupSummary group -> of(tenant, group);
            default -> value;
        };
    }
}
