package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueReader;
import dev.convene.protocol.value.ValueWriter;
import dev.convene.protocol.value.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/protocol.md shows is what the codec does, and its tables are complete. */
class ProtocolDocTests {
    private static final Path DOC = Path.of("..", "docs", "protocol.md");
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);
    private static final Wire WIRE = Wire.of(Encoding.JSON, 64);
    private static final Pattern EXAMPLE =
            Pattern.compile("(?:<!-- example: ([^\n]+) -->\n)?```json\n(.*?)```", Pattern.DOTALL);

    /** A fenced block and the marker before it: the kind of example and, where it needs one, the operation. */
    record Example(String marker, String json) {
        byte[] bytes() {
            return json.getBytes(StandardCharsets.UTF_8);
        }

        String operation() {
            return marker.substring(marker.indexOf(' ') + 1);
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(DOC));
        while (matcher.find()) {
            examples.add(new Example(String.valueOf(matcher.group(1)), matcher.group(2)));
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsReadAndWrittenAsItStands(Example example) {
        byte[] written = switch (example.marker().replaceAll(" .*", "")) {
            case "client" -> {
                ClientFrame frame = JSON.decode(example.bytes());
                assertThat(CBOR.decode(CBOR.encode(frame))).isEqualTo(frame);
                yield JSON.encode(frame);
            }
            case "server" -> JSON.encode(JSON.decodeServer(example.bytes(), _ -> null));
            case "answer" -> JSON.encode(JSON.decodeServer(example.bytes(), _ -> example.operation()));
            case "fields" -> JSON.encodeOperation(JSON.decodeOperation(example.operation(), example.bytes()));
            case "fields-answer" -> JSON.encodeAnswer(JSON.decodeAnswer(example.operation(), example.bytes()));
            case "problem" -> JSON.encodeProblem(JSON.decodeProblem(example.bytes()));
            case "value" -> ValueWriter.toBytes(WIRE, value(example.bytes()));
            default -> throw new AssertionError("a block needs a marker <!-- example: ... --> before it");
        };
        // As values, since an example is laid out for people and its keys have no order.
        assertThat(value(written)).isEqualTo(value(example.bytes()));
    }

    private static Value value(byte[] json) {
        return ValueReader.parse(WIRE, json);
    }

    @Test
    void everyOperationHasAnExampleAndAnAnswer() throws IOException {
        List<String> markers = examples().stream().map(Example::marker).toList();
        List<String> operations = examples().stream()
                .filter(example -> example.marker().equals("client"))
                .map(example -> JSON.decode(example.bytes()).operation().operation())
                .toList();
        Stream.of(SessionFormat.TYPES, GroupFormat.TYPES).flatMap(List::stream).forEach(type -> {
            assertThat(operations).contains(type.name());
            assertThat(markers).contains("answer " + type.name());
        });
    }

    @Test
    void theGrammarNamesEveryOperation() throws IOException {
        Matcher names =
                Pattern.compile("operation-name = (.*?);", Pattern.DOTALL).matcher(Files.readString(DOC));
        assertThat(names.find()).isTrue();
        List<String> inGrammar = Stream.of(names.group(1).split("[\\s|\"]+"))
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> operations = Stream.of(SessionFormat.TYPES, GroupFormat.TYPES)
                .flatMap(List::stream)
                .map(OperationType::name)
                .toList();
        assertThat(inGrammar).containsExactlyElementsOf(operations);
    }

    @Test
    void theTableOfErrorsIsThatOfTheEnum() throws IOException {
        StringBuilder table =
                new StringBuilder("| code | name | status | temporary | happened | |\n|---|---|---|---|---|---|\n");
        for (ErrorCode code : ErrorCode.values()) {
            table.append("| %d | `%s` | %d | %s | %s | %s |\n"
                    .formatted(
                            code.number(),
                            code.wireName(),
                            Problem.statusOf(code),
                            code.isTemporary() ? "yes" : "",
                            code.happened().wireName(),
                            code.advice()));
        }
        assertTable("errors", table.toString());
    }

    @Test
    void theTableOfCloseCodesIsThatOfTheEnum() throws IOException {
        StringBuilder table = new StringBuilder("| code | reconnect | |\n|---|---|---|\n");
        for (CloseCode code : CloseCode.values()) {
            table.append("| %d | %s | %s |\n".formatted(code.number(), code.isReconnect() ? "yes" : "", code.reason()));
        }
        assertTable("close codes", table.toString());
    }

    private static void assertTable(String name, String expected) throws IOException {
        String begin = "<!-- " + name + ": begin -->\n";
        String doc = Files.readString(DOC);
        String actual = doc.substring(doc.indexOf(begin) + begin.length(), doc.indexOf("<!-- " + name + ": end -->"));
        assertThat(actual).as("put this into docs/protocol.md:%n%s", expected).isEqualTo(expected);
    }

    @Test
    void theTableOfLimitsIsThatOfTheRecord() throws Exception {
        String doc = Files.readString(DOC);
        List<String> rows = new ArrayList<>();
        for (var component : Limits.class.getRecordComponents()) {
            rows.add("| `" + component.getName() + "` | "
                    + component.getAccessor().invoke(Limits.DEFAULT) + " | ");
        }
        assertThat(doc).contains(rows);
    }
}
