package dev.convene.protocol.frame;

/** An operation of a capability that has a package, and a sealed hierarchy, of its own. */
public non-sealed interface CapabilityOperation extends ClientOperation {}
