package dev.convene.benchmarks.micro;

import dev.convene.protocol.At;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.value.Encoding;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The two ends of a message in the gateway: the frame that a client sends, and the push that all receivers of one encoding
 * share. Both with a text of 256 bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FrameBenchmark {
    @Param({"JSON", "CBOR"})
    private Encoding encoding = Encoding.JSON;

    private FrameCodec codec = FrameCodec.json(Limits.DEFAULT);
    private final Body body = Body.ofText("x".repeat(256));
    private final Push.Message push = new Push.Message(
            At.parse("default:7kq2-1:1043", "at"),
            "#alice#gw1",
            List.of("lobby"),
            ServiceLevel.AGREED,
            0,
            body,
            null,
            null,
            false,
            false,
            null);
    private byte[] frame = {};

    @Setup
    public void codec() {
        codec = FrameCodec.of(encoding, Limits.DEFAULT, List.of());
        frame = codec.encode(new ClientFrame(
                1_000_000_000L,
                new GroupOperation.Multicast(
                        List.of("lobby"), ServiceLevel.AGREED, 0, body, false, null, 0, null, null)));
    }

    @Benchmark
    public byte[] encodePush() {
        return codec.encode(push);
    }

    @Benchmark
    public ClientFrame decodeMulticast() {
        return codec.decode(frame);
    }
}
