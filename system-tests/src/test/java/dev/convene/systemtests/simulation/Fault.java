package dev.convene.systemtests.simulation;

/** What the models can be told to do wrong, to see that the checkers find it. */
enum Fault {
    /** A gateway counts commands of its readers' partitions whatever their epoch and gateway life say. */
    ACCEPTS_STALE_EPOCHS,
    /** A client asks again after a resume as if it had never asked. */
    FORGETS_ITS_NUMBERS,
    /** A gateway hands a joiner the first message before its view. */
    DELIVERS_BEFORE_THE_VIEW,
    /** A resume begins one event too late. */
    SKIPS_ON_RESUME,
    /** A resume begins one event too early. */
    REPEATS_ON_RESUME,
    /** A gateway does not wait for what precedes a message in another partition. */
    IGNORES_CAUSES,
    /** A gateway lets a message overtake the one before it. */
    REORDERS,
    /** A gateway leaves views out now and then. */
    LOSES_VIEWS
}
