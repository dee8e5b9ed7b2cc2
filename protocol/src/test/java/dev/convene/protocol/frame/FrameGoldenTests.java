package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written once is read for ever, and written the same way. */
class FrameGoldenTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    static List<Golden> clientSamples() {
        return Golden.in("client");
    }

    static List<Golden> serverSamples() {
        return Golden.in("server");
    }

    @ParameterizedTest
    @MethodSource("clientSamples")
    void aClientFrameMeansTheSameAndIsWrittenTheSame(Golden golden) {
        ClientFrame fromJson = JSON.decode(golden.json());
        assertThat(fromJson).hasToString(golden.meaning());
        assertThat(CBOR.decode(golden.cbor())).isEqualTo(fromJson);
        assertThat(text(JSON.encode(fromJson))).isEqualTo(text(golden.json()));
        assertThat(CBOR.encode(fromJson)).isEqualTo(golden.cbor());
    }

    @ParameterizedTest
    @MethodSource("clientSamples")
    void theFieldsAloneMeanTheSame(Golden golden) {
        ClientOperation operation = JSON.decode(golden.json()).operation();
        String name = operation.operation();
        assertThat(JSON.decodeOperation(name, JSON.encodeOperation(operation))).isEqualTo(operation);
        assertThat(CBOR.decodeOperation(name, CBOR.encodeOperation(operation))).isEqualTo(operation);
    }

    @ParameterizedTest
    @MethodSource("serverSamples")
    void aServerFrameMeansTheSameAndIsWrittenTheSame(Golden golden) {
        ServerFrame fromJson = JSON.decodeServer(golden.json(), _ -> golden.operation());
        assertThat(fromJson).hasToString(golden.meaning());
        assertThat(CBOR.decodeServer(golden.cbor(), _ -> golden.operation())).isEqualTo(fromJson);
        assertThat(text(JSON.encode(fromJson))).isEqualTo(text(golden.json()));
        assertThat(CBOR.encode(fromJson)).isEqualTo(golden.cbor());
    }

    @ParameterizedTest
    @MethodSource("serverSamples")
    void theAnswerAloneMeansTheSame(Golden golden) {
        if (JSON.decodeServer(golden.json(), _ -> golden.operation())
                instanceof ServerFrame.Ok(long _, Answer answer)) {
            assertThat(JSON.decodeAnswer(golden.operation(), JSON.encodeAnswer(answer)))
                    .isEqualTo(answer);
            assertThat(CBOR.decodeAnswer(golden.operation(), CBOR.encodeAnswer(answer)))
                    .isEqualTo(answer);
        }
    }

    @Test
    void everyOperationHasASample() {
        Set<Class<?>> sampled = new HashSet<>();
        clientSamples()
                .forEach(golden ->
                        sampled.add(JSON.decode(golden.json()).operation().getClass()));
        assertThat(sampled).containsExactlyInAnyOrderElementsOf(records(SessionOperation.class, GroupOperation.class));
    }

    @Test
    void everyAnswerAndPushHasASample() {
        Set<Class<?>> sampled = new HashSet<>();
        Set<String> answered = new HashSet<>();
        for (Golden golden : serverSamples()) {
            ServerFrame frame = JSON.decodeServer(golden.json(), _ -> golden.operation());
            sampled.add(frame.getClass());
            if (frame instanceof ServerFrame.Ok(long _, Answer answer)) {
                sampled.add(answer.getClass());
                answered.add(golden.operation());
            }
        }
        Set<Class<?>> expected = records(ServerFrame.class, Push.class, Answer.class);
        expected.remove(Push.Unknown.class);
        assertThat(sampled).containsExactlyInAnyOrderElementsOf(expected);
        Stream.of(SessionFormat.TYPES, GroupFormat.TYPES)
                .flatMap(List::stream)
                .forEach(type -> assertThat(answered).contains(type.name()));
    }

    private static Set<Class<?>> records(Class<?>... families) {
        Set<Class<?>> records = new HashSet<>();
        for (Class<?> family : families) {
            Arrays.stream(family.getPermittedSubclasses())
                    .filter(Class::isRecord)
                    .forEach(records::add);
        }
        return records;
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
