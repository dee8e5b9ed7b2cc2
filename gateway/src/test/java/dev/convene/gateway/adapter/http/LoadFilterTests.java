package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Requests above a number are refused, however their path is written. */
class LoadFilterTests {
    private final LoadFilter filter = new LoadFilter(1);

    private Mono<Void> request(String path, Mono<Void> answer) {
        return filter.filter(
                MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, URI.create(path))),
                exchange -> answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/limits", "/%76%31/limits", "/v1;a=b/limits", "//v1/limits"})
    void theOneTooManyIsRefused(String path) {
        Disposable first = request("/v1/sessions", Mono.never()).subscribe();
        assertThatThrownBy(() -> request(path, Mono.empty()).block())
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        first.dispose();
        request(path, Mono.empty()).block();
        assertThat(filter.active()).isZero();
    }

    @Test
    void probesAreAnsweredAlsoThen() {
        Disposable first = request("/v1/sessions", Mono.never()).subscribe();
        request("/actuator/health", Mono.empty()).block();
        first.dispose();
    }
}
