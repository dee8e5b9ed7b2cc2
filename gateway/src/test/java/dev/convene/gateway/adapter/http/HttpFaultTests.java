package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.gateway.edge.RawHttp;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is no HTTP, or none that is understood here, gets problem details as well, byte by byte. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@SpringBootTest(classes = EdgeServer.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class HttpFaultTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final String POST = "POST /v1/sessions HTTP/1.1~Host: localhost~Content-Type: application/json~";

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    @BeforeEach
    void forget() {
        gateway.sessions.clear();
        gateway.asked.clear();
    }

    private static Problem problem(String answer) {
        assertThat(answer.substring(0, answer.indexOf("\r\n\r\n")))
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("connection: close");
        Problem problem = JSON.decodeProblem(
                answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8));
        assertThat(answer).startsWith("HTTP/1.1 " + problem.status() + " ");
        assertThat(problem.detail()).isNotBlank();
        return problem;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello~~                                                            | 400",
                "G@T /v1/limits HTTP/1.1~Host: localhost~~                          | 400",
                "GET /v1/limits~~                                                   | 400",
                "GET /v1/limits HTTX/1.1~Host: localhost~~                          | 400",
                "GET /v1/limits HTTP/1.1~Host: localhost~X Y: z~~                   | 400",
                "GET /v1/limits HTTP/1.1~Host: localhost~Content-Length: two~~      | 400",
                "GET /v1/%zz HTTP/1.1~Host: localhost~~                             | 400",
                "GET /v1/members?group=a%2 HTTP/1.1~Host: localhost~~               | 400",
                "GET /v1/members?group=a{ HTTP/1.1~Host: localhost~~                | 400",
                "OPTIONS * HTTP/1.1~Host: localhost~~                               | 400",
                "GET /v1/limits HTTP/3.7~Host: localhost~~                          | 505",
                "PRI * HTTP/2.0~~SM~~                                               | 505",
                "POST /v1/sessions HTTP/1.1~Host: localhost~Transfer-Encoding: gzip~~{} | 501",
                "POST /v1/sessions HTTP/1.1~Host: localhost~Transfer-Encoding: gzip, chunked~~0~~ | 501",
                "POST /v1/sessions HTTP/1.1~Host: localhost~Content-Length: 2~Content-Length: 3~~{} | 400",
                "POST /v1/sessions HTTP/1.1~Host: localhost~Content-Length: -2~~{}  | 400",
                "POST /v1/sessions HTTP/1.1~Host: localhost~Expect: more~~          | 417"
            })
    void whatIsNoHttpIsAProblem(String request, int status) {
        Problem problem = problem(RawHttp.exchange(port, request.replace("~", "\r\n")));
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.code()).isEqualTo(ErrorCode.BAD_REQUEST.number());
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void whatIsTooLongIsAProblem() {
        String line = "GET /v1/" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(problem(RawHttp.exchange(port, line)).status()).isEqualTo(414);
        String header = "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(100_000) + "\r\n\r\n";
        assertThat(problem(RawHttp.exchange(port, header)).status()).isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource({"zz~{}~0~~", "-5~{}~0~~", "2~{}~zz~~", "fffffffff~{}~0~~"})
    void aBodyInWrongChunksIsAProblem(String body) {
        String answer = RawHttp.exchange(port, (POST + "Transfer-Encoding: chunked~~" + body).replace("~", "\r\n"));
        assertThat(problem(answer).code()).isEqualTo(ErrorCode.BAD_REQUEST.number());
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void aProblemComesAfterTheAnswersToTheRequestsBefore() {
        String good = "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String answers = RawHttp.exchange(port, good + good + "hello\r\n\r\n" + good);
        assertThat(answers.split("HTTP/1\\.1 (?=\\d)")).hasSize(4).satisfies(parts -> {
            assertThat(parts[1]).startsWith("200 ").contains("frameBytesMax");
            assertThat(parts[2]).startsWith("200 ").contains("frameBytesMax");
            assertThat(parts[3]).startsWith("400 ").contains("\"name\":\"bad-request\"");
        });
    }
}
