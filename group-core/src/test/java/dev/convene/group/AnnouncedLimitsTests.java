package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Limits;
import org.junit.jupiter.api.Test;

/** What clients are told of the bounds of a partition is what the state machine enforces. */
class AnnouncedLimitsTests {
    @Test
    void clientsAreToldTheBoundsOfThePartition() {
        Limits told = Limits.DEFAULT;
        assertThat(told.groupsPerMessageMax()).isEqualTo(GroupLimits.TARGETS_MAX);
        assertThat(told.groupsPerSessionMax()).isEqualTo(GroupLimits.GROUPS_PER_SESSION_MAX);
        assertThat(told.membersListedMax()).isEqualTo(GroupLimits.MEMBERS_LISTED_MAX);
        assertThat(told.presenceBytesMax()).isEqualTo(GroupLimits.PRESENCE_BYTES_MAX);
        assertThat(told.unacknowledgedMax()).isEqualTo(GroupLimits.UNACKNOWLEDGED_MAX);
    }
}
