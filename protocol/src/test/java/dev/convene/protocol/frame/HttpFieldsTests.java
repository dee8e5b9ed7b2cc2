package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same operations over HTTP: bodies, queries, problems. */
class HttpFieldsTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    @Test
    void aBodyIsTheFieldsOfTheOperation() {
        byte[] body = "{\"group\":\"lobby\",\"seq\":4}".getBytes(StandardCharsets.UTF_8);
        assertThat(JSON.decodeOperation("leave", body)).isEqualTo(new GroupOperation.Leave("lobby", 4));
        assertThat(JSON.decodeOperation("connect", new byte[0]))
                .isEqualTo(new SessionOperation.Connect(null, true, null));
        assertThat(CBOR.decodeOperation("close", new byte[0])).isEqualTo(new SessionOperation.Close());
    }

    @Test
    void anUnknownOperationIsRefused() {
        ConveneException e =
                catchThrowableOfType(ConveneException.class, () -> JSON.decodeOperation("fly", new byte[0]));
        assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OPERATION);
        assertThat(e.field()).isEqualTo("fly");
    }

    private static ClientOperation query(String operation, Map<String, String> parameters) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        parameters.forEach((name, value) -> lists.put(name, List.of(value)));
        return JSON.decodeQuery(operation, lists);
    }

    @Test
    void aParameterThatIsGivenTwiceIsRefused() {
        ConveneException e = catchThrowableOfType(
                ConveneException.class, () -> JSON.decodeQuery("members", Map.of("group", List.of("a", "b"))));
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(e.field()).isEqualTo("members.group");
    }

    @Test
    void aQueryIsTheFieldsOfTheOperation() {
        assertThat(query("members", Map.of("group", "lobby", "view", "10.2", "limit", "5", "x", "y")))
                .isEqualTo(new GroupOperation.Members("lobby", new Position(10, 2), null, 5));
        assertThat(query("groups", Map.of())).isEqualTo(new GroupOperation.Groups(null, null, null, 100));
        assertThat(query("history", Map.of("group", "lobby", "last", "20")))
                .isEqualTo(new GroupOperation.History("lobby", new HistoryStart.Last(20), 100));
        At at = At.parse("default:e:7", "");
        assertThat(query("receive", Map.of("wait", "1000", "seen", "default:e:7,default:e:7")))
                .isEqualTo(new SessionOperation.Receive(1000, 100, List.of(at, at)));
        assertThat(query("receive", Map.of("seen", ""))).isEqualTo(new SessionOperation.Receive(0, 100, List.of()));
        assertThat(query("connect", Map.of("membership", "false")))
                .isEqualTo(new SessionOperation.Connect(null, false, null));
    }

    @ParameterizedTest
    @CsvSource({
        "members, group, a b, ILLEGAL_GROUP_NAME",
        "members, view, x, BAD_POSITION",
        "members, limit, 1x, BAD_FIELD",
        "members, limit, +5, BAD_FIELD",
        "members, limit, '', BAD_FIELD",
        "members, limit, 1001, BAD_FIELD",
        "receive, wait, -1, BAD_FIELD",
        "receive, wait, 99999999999999999999, BAD_FIELD",
        "receive, seen, a, BAD_POSITION",
        "receive, seen, ',', BAD_POSITION",
        "connect, membership, yes, BAD_FIELD",
        "join, history, 5, BAD_FIELD",
        "join, presence, here, BAD_FIELD",
        "multicast, body, text, BAD_FIELD",
        "multicast, type, 40000, ILLEGAL_MESSAGE_TYPE",
        "multicast, service, best, ILLEGAL_SERVICE"
    })
    void aQueryIsRefusedLikeABody(String operation, String name, String value, ErrorCode code) {
        ConveneException e = catchThrowableOfType(ConveneException.class, () -> query(operation, Map.of(name, value)));
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.field()).isEqualTo(operation + "." + name);
    }

    @Test
    void whatIsMissingInAQueryIsNamed() {
        ConveneException e = catchThrowableOfType(ConveneException.class, () -> query("members", Map.of()));
        assertThat(e.code()).isEqualTo(ErrorCode.MISSING_FIELD);
        assertThat(e.field()).isEqualTo("members.group");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorIsAProblem(ErrorCode code) {
        Problem problem = Problem.of(new ConveneException(code, "join.group", code.advice()));
        assertThat(problem.status()).isBetween(400, 599);
        assertThat(problem.status() >= 500 || problem.status() == 429 || problem.status() == 504 || !code.isTemporary())
                .as("a temporary error has a status that clients retry")
                .isTrue();
        assertThat(JSON.decodeProblem(JSON.encodeProblem(problem))).isEqualTo(problem);
    }

    @Test
    void aProblemHasTheFieldsOfRfc9457() {
        Problem problem = Problem.of(new ConveneException(ErrorCode.UNKNOWN_OPERATION, "fly", "no such operation"));
        assertThat(new String(JSON.encodeProblem(problem), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"urn:convene:error:unknown-operation\",\"title\":\"unknown operation\",\"status\":404,"
                                + "\"detail\":\"no such operation\",\"code\":1003,\"name\":\"unknown-operation\",\"temporary\":false,"
                                + "\"happened\":\"no\",\"field\":\"fly\"}");
    }

    @Test
    void limitsAreAnnouncedWhole() {
        assertThat(JSON.decodeLimits(JSON.encodeLimits(Limits.DEFAULT))).isEqualTo(Limits.DEFAULT);
        String json = new String(JSON.encodeLimits(Limits.DEFAULT), StandardCharsets.UTF_8);
        for (var component : Limits.class.getRecordComponents()) {
            assertThat(json).contains("\"" + component.getName() + "\":");
        }
    }
}
