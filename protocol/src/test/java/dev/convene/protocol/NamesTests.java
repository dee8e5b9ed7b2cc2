package dev.convene.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for names. */
class NamesTests {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A-z_0.9~!", "chess/lobby", "a/b/c", "a:b"})
    void legalGroupNames(String name) {
        assertThat(Names.isGroupName(name)).isTrue();
        assertThat(Names.requireGroupName(name, "x")).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a#b", "a,b", "/a", "a/", "/", "é", "a\u0000", "a\u007f", "a\n"})
    void illegalGroupNames(String name) {
        assertThat(Names.isGroupName(name)).isFalse();
        assertThatThrownBy(() -> Names.requireGroupName(name, "x"))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME));
    }

    @Test
    void namesHaveALength() {
        assertThat(Names.isGroupName("a".repeat(128))).isTrue();
        assertThat(Names.isGroupName("a".repeat(129))).isFalse();
        assertThat(Names.isSessionName("a".repeat(32))).isTrue();
        assertThat(Names.isSessionName("a".repeat(33))).isFalse();
    }

    @Test
    void privateGroups() {
        assertThat(Names.isPrivateGroup(Names.privateGroup("alice", "gw1"))).isTrue();
        for (String name :
                new String[] {"", "#", "##", "#a", "#a#", "##b", "a#b", "#a#b#c", "#a b#c", "#a/b#c", "#a#b/c"}) {
            assertThat(Names.isPrivateGroup(name)).as(name).isFalse();
        }
        assertThatThrownBy(() -> Names.requireGroupName("#a#b", "x"))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRIVATE_GROUP));
    }

    @Test
    void keys() {
        assertThat(Names.requireKey("k".repeat(64), "x")).hasSize(64);
        for (String key : new String[] {"", "k".repeat(65), "a b", "é"}) {
            assertThatThrownBy(() -> Names.requireKey(key, "x")).isInstanceOf(ConveneException.class);
        }
    }

    @Test
    void domains() {
        assertThat(Names.domainOf("lobby")).isEqualTo("default");
        assertThat(Names.domainOf("chess/lobby/1")).isEqualTo("chess");
    }
}
