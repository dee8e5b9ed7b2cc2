package dev.convene.testkit.check.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationRecorderTests {

    private final OperationRecorder<String, String> recorder = new OperationRecorder<>();

    @Test
    void whatReturnedBeforeAnotherWasCalled_isBeforeIt() {
        recorder.invoke("a", "k", "first").returned("done");
        recorder.invoke("b", "k", "second").returned("done");

        var operations = recorder.operations();
        assertThat(operations.getFirst().returnedAt())
                .isLessThan(operations.getLast().invokedAt());
    }

    @Test
    void whatHasNotReturned_isUnseen() {
        recorder.invoke("a", "k", "first");

        assertThat(recorder.operations())
                .singleElement()
                .satisfies(operation -> assertThat(operation.outcome()).isInstanceOf(Outcome.Unseen.class));
    }

    @Test
    void theFirstOutcomeCounts() {
        var invocation = recorder.invoke("a", "k", "first");
        invocation.unseen();
        invocation.returned("late");

        assertThat(recorder.operations())
                .singleElement()
                .satisfies(operation -> assertThat(operation.outcome()).isInstanceOf(Outcome.Unseen.class));
    }

    @Test
    void whatIsRecordedCanBeChecked() {
        OperationRecorder<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> registers =
                new OperationRecorder<>();
        var write = registers.invoke("a", "k", new RegisterModel.Input.Write<>(1));
        var read = registers.invoke("b", "k", new RegisterModel.Input.Read<>());
        read.returned(new RegisterModel.Output.Value<>(Optional.of(1)));
        write.returned(new RegisterModel.Output.Done<>());

        new Linearizability<>(new RegisterModel<Integer>()).requireOk(registers.operations());
    }
}
