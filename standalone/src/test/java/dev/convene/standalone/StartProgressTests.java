package dev.convene.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.groupservice.core.shards.ShardStatus;
import dev.convene.groupservice.core.shards.Shards;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartProgressTests {

    @Test
    void aShardThatHasHaltedIsToldOnceWithWhatToDo(CapturedOutput output) {
        StartProgress progress = new StartProgress(shards(status("halted", "halted at offset 17: broken")));

        assertThat(progress.tell()).isTrue();
        assertThat(progress.tell()).isTrue();

        assertThat(output.getAll()).containsOnlyOnce("groups/2 halted at offset 17: broken");
        assertThat(output.getAll()).containsOnlyOnce("./convene ops skip groups 2 17");
    }

    @Test
    void whatIsStillReadIsToldWithItsEnd(CapturedOutput output) {
        assertThat(new StartProgress(shards(status("catching-up", ""))).tell()).isFalse();

        assertThat(output.getAll()).contains("groups/2 at 17 of 22");
    }

    @Test
    void shardsThatDoNotAnswerAreNoReasonToGiveUp() {
        Shards failing = new FixedShards(CompletableFuture.failedFuture(new IllegalStateException("not yet")));

        assertThat(new StartProgress(failing).tell()).isFalse();
    }

    private static Shards shards(ShardStatus one) {
        return new FixedShards(CompletableFuture.completedFuture(List.of(one)));
    }

    private static ShardStatus status(String role, String fault) {
        return new ShardStatus(
                "groups", 2, role, 1, "", 17, 5L, 0, null, null, fault, null, null, null, "abc0", null, List.of());
    }

    private record FixedShards(CompletableFuture<List<ShardStatus>> status) implements Shards {
        @Override
        public boolean areReady() {
            return false;
        }
    }
}
