package dev.convene.gateway.core.session;

import dev.convene.protocol.Tenants;

/**
 * What is settled about a session under one epoch.
 *
 * @param id its number in the logs
 * @param epoch raised by every resume
 * @param incarnation the gateway life that serves it
 * @param privateGroup its address, {@code #name#gateway}, qualified
 * @param membership whether it wants membership messages where a join does not say otherwise
 * @param graceMs how long it is kept after its connection was lost
 * @param tokenHash SHA-256 of the token that lets it resume
 */
public record SessionIdentity(
        long id, int epoch, long incarnation, String privateGroup, boolean membership, int graceMs, byte[] tokenHash) {

    /** The tenant to which it belongs. */
    public String tenant() {
        return Tenants.tenantOf(privateGroup);
    }

    /** Its id as clients know it. */
    public String text() {
        return SessionIds.toText(id);
    }
}
