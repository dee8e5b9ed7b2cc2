package dev.convene.protocol.frame;

/** An answer of a capability that has a package, and a sealed hierarchy, of its own. */
public non-sealed interface CapabilityAnswer extends Answer {
    /** Writes the fields. */
    void write(FieldWriter out);
}
