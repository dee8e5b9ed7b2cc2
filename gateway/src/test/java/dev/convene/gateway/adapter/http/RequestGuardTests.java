package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts and origins are let in. */
class RequestGuardTests {
    private final RequestGuard guard = new RequestGuard(RequestGuard.LOOPBACK, Set.of("https://chess.example"));

    private boolean lets(String host, String... origins) {
        return guard.refusal("/v1/groups", List.of(host), List.of(origins)) == null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "LocalHost:1", "127.0.0.1:8080", "[::1]", "[::1]:8080"})
    void thisMachineByItsOwnNamesIsServed(String host) {
        assertThat(lets(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "0.0.0.0:8080",
                "localhost:8080x",
                "localhost:80:80",
                "user@localhost",
                "[::1",
                "::1",
                "[::1]evil",
                "2130706433"
            })
    void otherHostsAreNotServed(String host) {
        assertThat(lets(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:8080/v1/groups", "http://LOCALHOST:8080", "/v1/groups?next=http://evil/", "*"})
    void aTargetMayNameTheSameHost(String target) {
        assertThat(guard.refusal(target, List.of("localhost:8080"), List.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/v1/groups",
                "http://localhost/v1/groups",
                "http://evil.example",
                "https://localhost:8080@evil.example/",
                "http://localhost:8080.evil.example?x",
                "http:///v1/groups"
            })
    void aTargetMustNotNameAnotherHost(String target) {
        assertThat(guard.refusal(target, List.of("localhost:8080"), List.of())).isNotNull();
    }

    @Test
    void aRequestHasOneHost() {
        assertThat(guard.refusal("/v1/groups", List.of(), List.of())).isNotNull();
        assertThat(guard.refusal("/v1/groups", List.of("localhost", "evil.example"), List.of()))
                .isNotNull();
    }

    @Test
    void pagesOfListedOriginsAndOfTheGatewayItselfAreLetIn() {
        assertThat(lets("localhost:8080", "https://chess.example")).isTrue();
        assertThat(lets("localhost:8080", "http://localhost:8080")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "http://localhost:3000",
                "https://chess.example.evil.example",
                "http://chess.example",
                "https://chess.example:8443"
            })
    void pagesOfOtherOriginsAreNot(String origin) {
        assertThat(lets("localhost:8080", origin)).isFalse();
    }

    @Test
    void whereEveryHostIsServedAPagesOwnHostIsNoReasonToTrustIt() {
        RequestGuard open = new RequestGuard(Set.of(), Set.of("https://chess.example"));
        assertThat(open.refusal("/v1/groups", List.of("anything.example"), List.of()))
                .isNull();
        assertThat(open.refusal("/v1/groups", List.of("rebound.example"), List.of("http://rebound.example")))
                .isNotNull();
        assertThat(open.refusal("/v1/groups", List.of("anything.example"), List.of("https://chess.example")))
                .isNull();
    }
}
