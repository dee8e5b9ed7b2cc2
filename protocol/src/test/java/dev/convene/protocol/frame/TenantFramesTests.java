package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Seed;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every name in every frame goes to its tenant on the way in and is bare on the way out, and nothing else changes. */
class TenantFramesTests {
    private static final int RUNS = 5000;

    @Test
    void everyNameInAnOperationIsQualified() {
        Seed.forEach(RUNS, random -> {
            ClientOperation operation = operation(random);
            // Without a prefix all groups of the tenant are meant, not those of all.
            ClientOperation asked = operation instanceof GroupOperation.Groups o && o.prefix() == null
                    ? new GroupOperation.Groups("", o.domain(), o.after(), o.limit(), o.at())
                    : operation;
            assertThat(QualifiedOperation.of("acme", operation)).isEqualTo(Renamed.of("acme", asked));
        });
    }

    /** Legal texts that are no names of another tenant. */
    private static ClientOperation operation(Random random) {
        ClientOperation operation = new RandomFrames(random).client().operation();
        boolean named =
                operation instanceof GroupOperation.Groups o && (isQualified(o.prefix()) || isQualified(o.after()));
        return named ? operation(random) : operation;
    }

    private static boolean isQualified(String text) {
        return text != null && Tenants.isQualified(text);
    }

    @Test
    void operationsOfTheDefaultTenantAreNotCopied() {
        Seed.forEach(RUNS, random -> {
            ClientOperation operation = operation(random);
            assertThat(QualifiedOperation.of(Tenants.DEFAULT, operation)).isSameAs(operation);
        });
    }

    @Test
    void everyNameInAnAnswerIsBare() {
        Seed.forEach(RUNS, random -> {
            Answer answer = new RandomFrames(random).answered().answer();
            assertThat(BareAnswer.of((Answer) Renamed.of("acme", answer))).isEqualTo(answer);
        });
    }

    @Test
    void everyNameInAPushIsBareAndABarePushIsNotCopied() {
        Seed.forEach(RUNS, random -> {
            Push push = new RandomFrames(random).push();
            assertThat(BarePush.of((Push) Renamed.of("acme", push))).isEqualTo(push);
            assertThat(BarePush.of(push)).isSameAs(push);
        });
    }

    @Test
    void nobodyNamesWhatBelongsToAnotherTenant() {
        List<GroupOperation> all = List.of(
                multicast("acme#room", null),
                multicast("acme##ann#g1", null),
                multicast("room", "acme##ann#g1"),
                new GroupOperation.Request(multicast("acme#room", null), 1),
                new GroupOperation.Reply("acme##ann#g1", "c", Body.ofText(""), 0, ServiceLevel.FIFO, null, 0),
                new GroupOperation.Join("acme#room", null, null, null, null, 0),
                new GroupOperation.Leave("acme#room", 0),
                new GroupOperation.Presence("acme#room", null),
                new GroupOperation.Ack("acme#room", List.of(), false),
                new GroupOperation.Members("acme#room", null, null, 1),
                new GroupOperation.Groups("acme#", null, null, 1),
                new GroupOperation.Groups(null, "acme#default", null, 1),
                new GroupOperation.Groups(null, null, "acme#room", 1),
                new GroupOperation.History("acme#room", null, 1),
                new GroupOperation.Settings("acme#room", null, null));
        for (GroupOperation operation : all) {
            for (String tenant : List.of(Tenants.DEFAULT, "other")) {
                assertThatThrownBy(() -> QualifiedOperation.of(tenant, operation))
                        .as("%s of %s", operation, tenant)
                        .isInstanceOfSatisfying(
                                ConveneException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME));
            }
        }
        assertThatThrownBy(() ->
                        QualifiedOperation.of(Tenants.DEFAULT, new SessionOperation.Connect("acme#ann", true, null)))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_NAME));
    }

    private static GroupOperation.Multicast multicast(String group, String replyTo) {
        return new GroupOperation.Multicast(
                List.of(group), ServiceLevel.FIFO, 0, Body.ofText(""), false, null, 0, replyTo, null);
    }
}
