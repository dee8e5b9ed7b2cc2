/**
 * What clients and gateways say to each other: the frames of {@code convene.v1.json} and {@code convene.v1.cbor}, which
 * are also the bodies over HTTP.
 *
 * <p>{@link dev.convene.protocol.frame.FrameCodec} is the entrance: it reads a {@link
 * dev.convene.protocol.frame.ClientFrame} with its {@link dev.convene.protocol.frame.ClientOperation} and writes a
 * {@link dev.convene.protocol.frame.ServerFrame}, or the other way round for clients. Operations, answers and pushes are
 * plain records; how each of them is written stands in the {@code ...Format} class of its capability. What is read is
 * checked here already, so that a record from outside holds legal names and sizes within the limits, and every surface
 * gives the same error with the same field.
 */
@NullMarked
package dev.convene.protocol.frame;

import org.jspecify.annotations.NullMarked;
