package dev.convene.benchmarks.streams;

import java.util.function.LongConsumer;

/**
 * Takes commands that add 1 to one of many counters, and answers each with the counter's new value: once, and only when
 * both are durable.
 */
interface Contender extends AutoCloseable {
    int COUNTERS = 10_000;

    String name();

    /** From now on the numbers of answered commands go there; called by one thread. */
    void begin(LongConsumer answered) throws Exception;

    /** Sends a command. One thread; numbers rise by 1 from 1. */
    void send(long number);

    @Override
    void close();
}
