package dev.convene.runtime.host.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerBatchTests {

    @Test
    void keepsItsFormOnTheWay() {
        Answer answer = Answer.error(ErrorCode.INTERNAL, Position.of(7));
        AnswerBatch batch = new AnswerBatch(
                "sessions",
                0,
                "abc0",
                40,
                List.of(
                        new Effect.Answered(Position.of(8), 40, 41, 3, 4, answer),
                        new Effect.OutOfTurn(new Position(8, 1), 40, 41, 5, 6, 3),
                        new Effect.Pushed(new Position(8, 2), 40, 40, new byte[] {9})));

        AnswerBatch read = AnswerBatch.read(batch.toBytes());

        assertThat(AnswerBatch.incarnationOf(batch.toBytes())).isEqualTo(40);
        assertThat(read).usingRecursiveComparison().isEqualTo(batch);
    }
}
