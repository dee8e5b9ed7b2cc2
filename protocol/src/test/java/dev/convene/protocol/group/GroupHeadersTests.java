package dev.convene.protocol.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Content;
import dev.convene.protocol.ServiceLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read who know Kafka only: written once, read for ever. */
class GroupHeadersTests {
    private static GroupCommand.Multicast message(List<String> groups, int type) {
        return new GroupCommand.Multicast(
                groups, "#ann#east", ServiceLevel.AGREED, type, false, Content.TEXT, "", "", List.of(), new byte[] {
                    'h', 'i'
                });
    }

    @Test
    void saysWhoSendsWhatToWhom() {
        assertThat(GroupHeaders.textOf(message(List.of("chat", "news"), 5)))
                .isEqualTo("from=#ann#east to=chat,news service=agreed type=5 content=text");
    }

    @Test
    void leavesOutATypeOfZero() {
        assertThat(GroupHeaders.textOf(message(List.of("#bob#west"), 0)))
                .isEqualTo("from=#ann#east to=#bob#west service=agreed content=text");
    }
}
