package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that is kept can be had page by page, though a page holds only so many bytes. */
class HistoryTests {
    /** A page of history holds a quarter of what may wait for a reader: 100 bytes. */
    private static final int QUEUED_BYTES_MAX = 400;

    private static final int MESSAGES = 30;
    private static final int BYTES = 40;
    /** The bodies of so many fit into what a join is given. */
    private static final int FITTING = 25;

    private final World world = new World();
    private final LogGateway reader = world.gateway("reader", FanOutTests.limits(QUEUED_BYTES_MAX));
    private final LogGateway joined = world.gateway("joined", FanOutTests.limits(4 * FITTING * BYTES));
    private final World.Client ann = world.new Client(world.gateway("g1"), "ann");
    private final List<Answer.HistoryPage> pages = new ArrayList<>();

    HistoryTests() {
        for (int i = 0; i < MESSAGES; i++) {
            ann.send(ServiceLevel.AGREED, text(i), "room");
            ann.send(ServiceLevel.AGREED, text(i), "other");
        }
    }

    private static String text(int number) {
        return ("%0" + BYTES + "d").formatted(number);
    }

    private List<String> read(@Nullable HistoryStart start, int limit) {
        List<String> texts = new ArrayList<>();
        HistoryStart from = start;
        At next;
        pages.clear();
        do {
            Answer.HistoryPage page = (Answer.HistoryPage)
                    world.get(reader.call(Principal.DEVELOPMENT, new GroupOperation.History("room", from, limit)));
            pages.add(page);
            page.messages().forEach(message -> texts.add(World.text(message)));
            next = page.next();
            from = next == null ? null : new HistoryStart.From(next);
            assertThat(pages).as("pages").hasSizeLessThan(2 * MESSAGES);
        } while (next != null);
        return texts;
    }

    private static List<String> texts(int first) {
        return IntStream.range(first, MESSAGES).mapToObj(HistoryTests::text).toList();
    }

    @Test
    void allIsReadPageByPage() {
        assertThat(read(null, 100)).isEqualTo(texts(0));
        assertThat(pages).hasSize(MESSAGES / 2).allMatch(page -> page.messages().size() == 2 && page.complete());
    }

    @ParameterizedTest
    @CsvSource({"25, 5", "7, 23", "0, 30"})
    void theNewestBytesAreReadPageByPage(int first, int kept) {
        world.get(
                reader.call(Principal.DEVELOPMENT, new GroupOperation.Settings("room", null, (long) kept * BYTES + 5)));

        assertThat(read(null, 100)).isEqualTo(texts(first));
        assertThat(pages.getFirst().complete()).isEqualTo(first == 0);
        assertThat(pages.subList(1, pages.size()))
                .allMatch(page -> page.messages().size() <= 2 && page.complete());
    }

    @ParameterizedTest
    @CsvSource({"12, -1, 18", "12, 200, 25", "1000, -1, 0"})
    void theNewestMessagesAreReadPageByPage(int count, long historyBytes, int first) {
        if (historyBytes >= 0) {
            world.get(reader.call(Principal.DEVELOPMENT, new GroupOperation.Settings("room", null, historyBytes)));
        }

        assertThat(read(new HistoryStart.Last(count), 100)).isEqualTo(texts(first));
        assertThat(pages.getFirst().complete()).isEqualTo(historyBytes < 0);
        assertThat(read(new HistoryStart.Last(count), 1)).isEqualTo(texts(first));
    }

    @Test
    void aTimeIsAPlaceToBeginToo() {
        assertThat(read(new HistoryStart.Since(0), 100)).isEqualTo(texts(0));
    }

    /** It would be taken for a place of the group's own, and the page for complete. */
    @Test
    void aPositionThatNobodyHasOfThisGroupIsRefused() {
        At end = ann.send(ServiceLevel.AGREED, text(0), "room").at();
        At elsewhere = new At("chess", end.epoch(), end.position());
        At ahead = new At(end.domain(), end.epoch(), Position.of(end.position().offset() + 1_000_000));
        for (At at : List.of(elsewhere, ahead)) {
            GroupOperation.History asked = new GroupOperation.History("room", new HistoryStart.From(at), 10);
            assertThat(world.refusal(reader.call(Principal.DEVELOPMENT, asked)))
                    .as(at.toString())
                    .isEqualTo(ErrorCode.BAD_POSITION);
        }
        assertThat(ann.join("room", new HistoryStart.From(elsewhere)).history().error())
                .isEqualTo(ErrorCode.BAD_POSITION);
        assertThat(read(new HistoryStart.From(end), 10)).isEmpty();
    }

    @Test
    void aMessageAboveTheSizeOfAPageIsAPage() {
        String large = "x".repeat(QUEUED_BYTES_MAX);
        ann.send(ServiceLevel.AGREED, large, "room");

        assertThat(read(new HistoryStart.Last(2), 100)).containsExactly(text(MESSAGES - 1), large);
    }

    @Contract("G39")
    @Test
    void whoWantedNoCopyOfItsMessageGetsNoneByAJoinWithHistory() {
        ann.call(new GroupOperation.Multicast(
                List.of("past"), ServiceLevel.AGREED, 0, Body.ofText("not for me"), true, null, 0, null, null));
        ann.send(ServiceLevel.AGREED, "for all", "past");
        World.Client bob = world.new Client(world.gateway("g2"), "bob");
        ann.join("past", new HistoryStart.Last(5));
        bob.join("past", new HistoryStart.Last(5));

        assertThat(ann.texts()).containsExactly("old for all", "join past 1", "join past 2");
        assertThat(bob.texts()).containsExactly("old not for me", "old for all", "join past 2");
    }

    private Answer.@Nullable Replayed replayed(HistoryStart start) {
        World.Client bob = world.new Client(joined, "bob");
        Answer.Replayed replayed = bob.join("room", start).history();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            // It comes as fast as it is read.
            texts.addAll(bob.texts());
            world.settle();
        }
        assertThat(texts).last().asString().startsWith("join room");
        assertThat(texts).hasSize(1 + (replayed == null ? 0 : replayed.messages()));
        return replayed;
    }

    private At endOfFirst() {
        read(null, 1);
        return Objects.requireNonNull(pages.getFirst().next());
    }

    private void lose(At upTo) {
        world.gateways.get(reader).oldest = upTo.position().offset() + 5;
        world.gateways.get(joined).oldest = upTo.position().offset() + 5;
    }

    @Test
    void aJoinIsToldWhetherItGotAllThatItAskedFor() {
        assertThat(replayed(new HistoryStart.Last(2))).isEqualTo(new Answer.Replayed(2, true, null));
    }

    @Test
    void aJoinIsToldThatWhatItAskedForDidNotFit() {
        Answer.Replayed replayed = replayed(new HistoryStart.Since(0));
        assertThat(replayed).isNotNull();
        assertThat(replayed.messages()).isBetween(3, FITTING);
        assertThat(replayed.complete()).isFalse();
    }

    @Test
    void aJoinIsToldThatThereMayHaveBeenMore() {
        At first = endOfFirst();
        lose(first);
        assertThat(replayed(new HistoryStart.Last(2))).isEqualTo(new Answer.Replayed(2, true, null));
    }

    @Test
    void aJoinFromWhatIsGoneStandsWithoutHistoryAndIsToldSo() {
        At first = endOfFirst();
        lose(first);
        assertThat(replayed(new HistoryStart.From(first)))
                .isEqualTo(new Answer.Replayed(0, false, ErrorCode.NOT_RECOVERED));
    }

    @Test
    void aJoinWhoseHistoryCannotBeReadIsToldSo() {
        world.gateways.get(joined).replayFailure = ErrorCode.OVERLOADED;
        assertThat(replayed(new HistoryStart.Last(2))).isEqualTo(new Answer.Replayed(0, false, ErrorCode.OVERLOADED));
    }

    @Test
    void whoIsAMemberGetsNoHistoryAndIsToldOfNone() {
        World.Client bob = world.new Client(joined, "bob");
        bob.join("room");
        assertThat(bob.join("room", new HistoryStart.Last(2)).history()).isNull();
        assertThat(bob.join("other", new HistoryStart.Last(1)).history()).isEqualTo(new Answer.Replayed(1, true, null));
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void pagesThatMayBeginAfterWhatWasDeletedSaySo(boolean lost, boolean complete) {
        At first = endOfFirst();
        if (lost) {
            lose(first);
        }
        read(null, 100);
        assertThat(pages.getFirst().complete()).isEqualTo(complete);
        read(new HistoryStart.Since(0), 100);
        assertThat(pages.getFirst().complete()).isEqualTo(complete);
        read(new HistoryStart.Last(1000), 100);
        assertThat(pages.getFirst().complete()).isEqualTo(complete);
        read(new HistoryStart.Last(3), 100);
        assertThat(pages.getFirst().complete()).isTrue();
    }
}
