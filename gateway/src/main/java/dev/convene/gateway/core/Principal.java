package dev.convene.gateway.core;

import dev.convene.protocol.Tenants;

/**
 * Who asks, as an {@link Authenticator} says. All that it sees and names belongs to its tenant.
 *
 * @param name tells the principals of a tenant apart; clients are not told
 * @param tenant its tenant
 * @param access what it may do with the groups of its tenant
 */
public record Principal(String name, String tenant, Access access) {
    /** Everybody in development. */
    public static final Principal DEVELOPMENT = new Principal("anybody", Tenants.DEFAULT, Access.ALL);

    public Principal {
        if (!Tenants.isTenantName(tenant)) {
            throw new IllegalArgumentException("no name of a tenant: " + tenant);
        }
    }

    /** The same whose access is asked with qualified names, as they stand within the gateway, and knows bare ones only. */
    Principal qualified() {
        return tenant.equals(Tenants.DEFAULT) || access == Access.ALL
                ? this
                : new Principal(name, tenant, (action, group) -> access.allows(action, Tenants.strip(group)));
    }
}
