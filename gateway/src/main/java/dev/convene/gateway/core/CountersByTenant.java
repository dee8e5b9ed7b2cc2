package dev.convene.gateway.core;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The counters of the first {@link #TENANTS_MAX} tenants, each its own; further ones share those of {@link #OTHER}. Thread-safe. */
public final class CountersByTenant {
    /** As many tenants have counters of their own. */
    public static final int TENANTS_MAX = 100;
    /** Under what name all further ones are counted. */
    public static final String OTHER = "other";

    private final Map<String, TenantCounters> byName = new ConcurrentHashMap<>();
    private BiConsumer<String, TenantCounters> listener = (tenant, counters) -> {};

    /** The counters for a tenant. */
    public TenantCounters of(String tenant) {
        TenantCounters known = byName.get(tenant);
        return known != null ? known : made(tenant);
    }

    private synchronized TenantCounters made(String tenant) {
        String name = byName.containsKey(tenant) || byName.size() < TENANTS_MAX ? tenant : OTHER;
        TenantCounters known = byName.get(name);
        if (known != null) {
            return known;
        }
        TenantCounters counters = new TenantCounters();
        byName.put(name, counters);
        listener.accept(name, counters);
        return counters;
    }

    /** Tells of every name's counters, of those that there are at once. */
    public synchronized void onTenant(BiConsumer<String, TenantCounters> action) {
        listener = action;
        byName.forEach(action);
    }
}
