package dev.convene.groupservice.core.sessions;

/** How a live session stands. */
enum Standing {
    /** A gateway life serves it. */
    SERVED,
    /** Its connection was lost; its own timer ends it. */
    SUSPENDED,
    /** Its gateway life was lost while it served it; it leaves together with the others that are not resumed in time. */
    STRANDED
}
