package dev.convene.gateway.core.request;

/**
 * Who numbers requests.
 *
 * @param incarnation the gateway life that sends them
 * @param id the session, or the incarnation itself
 * @param epoch the session's epoch, 0 for the life itself
 */
public record Requester(long incarnation, long id, int epoch) {}
