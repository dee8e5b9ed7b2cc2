package dev.convene.protocol.frame;

/** Something a client asks for: the one entry beside {@code id} in its frame, or an HTTP request. */
public sealed interface ClientOperation permits SessionOperation, GroupOperation, CapabilityOperation {
    /** The name on the wire. */
    String operation();
}
