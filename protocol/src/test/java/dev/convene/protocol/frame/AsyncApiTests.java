package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Limits;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.ValueReader;
import dev.convene.protocol.value.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in docs/asyncapi.yaml are frames, and no operation is missing there. */
class AsyncApiTests {
    private static final Path YAML = Path.of("..", "docs", "asyncapi.yaml");
    private static final String MARK = "- payload: ";
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final Wire WIRE = Wire.of(Encoding.JSON, 64);
    private static final Set<String> OPERATIONS = Stream.of(SessionFormat.TYPES, GroupFormat.TYPES)
            .flatMap(List::stream)
            .map(OperationType::name)
            .collect(Collectors.toSet());

    /** An example, one line of JSON, with the name of the message that it stands under. */
    record Example(String message, byte[] json) {
        @Override
        public String toString() {
            return message + " " + new String(json, StandardCharsets.UTF_8);
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        String message = "";
        for (String line : Files.readAllLines(YAML)) {
            if (line.matches("    \\w+:")) {
                message = line.strip().replace(":", "");
            } else if (line.strip().startsWith(MARK)) {
                String json = line.strip().substring(MARK.length());
                examples.add(new Example(message, json.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsReadAndWrittenAsItStands(Example example) {
        String operation = example.message().replaceAll("Ok$", "");
        byte[] written = OPERATIONS.contains(example.message())
                ? JSON.encode(JSON.decode(example.json()))
                : JSON.encode(JSON.decodeServer(example.json(), _ -> operation));
        assertThat(ValueReader.parse(WIRE, written)).isEqualTo(ValueReader.parse(WIRE, example.json()));
    }

    @Test
    void everyOperationAndItsAnswerAreThere() throws IOException {
        Set<String> messages = examples().stream().map(Example::message).collect(Collectors.toSet());
        for (String operation : OPERATIONS) {
            assertThat(messages).contains(operation, operation + "Ok");
        }
        assertThat(messages)
                .contains(
                        "refusal",
                        "message",
                        "view",
                        "transitional",
                        "left",
                        "presencePush",
                        "batch",
                        "heartbeat",
                        "closing");
    }
}
