package dev.convene.testkit.arch;

import dev.convene.group.GroupShard;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.Shard;
import org.junit.jupiter.api.Test;

/** The modules that this one stands on, whose own tests cannot see it. */
class FoundationsTests {

    @Test
    void theFoundationsFollowTheArchitecture() {
        ConveneArchitecture.verifyModulesOf(ErrorCode.class, Shard.class, GroupShard.class);
    }
}
