package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.value.RandomValues;
import dev.convene.protocol.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Legal frames at random. */
final class RandomFrames {
    private static final String NAME_CHARS = "abcXYZ019-_.!$%&*+:;<=>?@[]^`{|}~'\"\\()";

    private final Random random;

    RandomFrames(Random random) {
        this.random = random;
    }

    ClientFrame client() {
        return new ClientFrame(random.nextInt(5) == 0 ? 0 : 1 + (random.nextLong() >>> 12), operation());
    }

    private ClientOperation operation() {
        return switch (random.nextInt(20)) {
            case 0 ->
                new SessionOperation.Connect(
                        maybe(() -> name(32)), random.nextBoolean(), maybe(() -> (long) random.nextInt(1 << 30)));
            case 1 -> new SessionOperation.Resume(name(40), name(40), positions(5));
            case 2 -> new SessionOperation.Close();
            case 3 -> new SessionOperation.Receive(random.nextInt(30_000), 1 + random.nextInt(1000), positions(3));
            case 4 -> new SessionOperation.Poll();
            case 5 -> new SessionOperation.Seen(positions(16));
            case 6 -> new SessionOperation.Ping();
            case 7 ->
                new GroupOperation.Join(
                        group(),
                        maybe(this::presence),
                        maybe(this::group),
                        maybe(random::nextBoolean),
                        maybe(this::start),
                        seq());
            case 8 -> new GroupOperation.Leave(group(), seq());
            case 9 -> new GroupOperation.Request(multicast(), 1 + random.nextInt(100_000));
            case 10 ->
                new GroupOperation.Reply(
                        privateGroup(), text(), body(), type(), service(), maybe(() -> name(64)), seq());
            case 11 -> new GroupOperation.Presence(group(), maybe(this::presence));
            case 12 -> new GroupOperation.Ack(group(), positions(50), random.nextBoolean());
            case 13 ->
                new GroupOperation.Members(
                        group(),
                        maybe(this::position),
                        maybe(this::text),
                        page(),
                        maybe(this::at),
                        random.nextBoolean());
            case 14 ->
                new GroupOperation.Groups(
                        maybe(this::text), maybe(() -> name(20)), maybe(this::text), page(), positions(3));
            case 15 -> new GroupOperation.History(group(), maybe(this::start), page());
            case 16 -> new GroupOperation.Settings(group(), maybe(this::size), maybe(this::size));
            default -> multicast();
        };
    }

    private GroupOperation.Multicast multicast() {
        List<String> targets = new ArrayList<>();
        do {
            targets.add(random.nextInt(4) == 0 ? privateGroup() : group());
        } while (random.nextInt(3) == 0 && targets.size() < 100);
        return new GroupOperation.Multicast(
                targets,
                service(),
                type(),
                body(),
                random.nextBoolean(),
                maybe(() -> name(64)),
                seq(),
                maybe(this::privateGroup),
                maybe(this::text));
    }

    ServerFrame server() {
        return switch (random.nextInt(7)) {
            case 0 -> new ServerFrame.Batch(pushes());
            case 1 -> new ServerFrame.Heartbeat();
            case 2 -> new ServerFrame.Closing(1000 + random.nextInt(4000), text());
            case 3 ->
                new ServerFrame.Failure(
                        random.nextInt(100),
                        1 + random.nextInt(2000),
                        name(30),
                        RandomValues.text(random),
                        random.nextBoolean(),
                        ErrorCode.Happened.values()[random.nextInt(2)],
                        maybe(() -> name(30)),
                        random.nextInt(3) * random.nextInt(5000));
            default -> push();
        };
    }

    /** An answer with the operation that it answers. */
    record Answered(String operation, Answer answer) {}

    Answered answered() {
        return switch (random.nextInt(10)) {
            case 0 ->
                new Answered(
                        "connect",
                        new Answer.Connected(
                                name(20), name(40), privateGroup(), name(10), positions(5), Limits.DEFAULT, name(8)));
            case 1 ->
                new Answered(
                        "resume",
                        new Answer.Resumed(
                                random.nextBoolean(), name(9), privateGroup(), name(10), positions(9), Limits.DEFAULT));
            case 2 -> new Answered("request", new Answer.Replied(message()));
            case 3 -> {
                List<Answer.Member> members = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.add(new Answer.Member(privateGroup(), maybe(this::presence), maybe(this::group)));
                }
                yield new Answered(
                        "members",
                        new Answer.MemberPage(
                                group(),
                                maybe(this::position),
                                random.nextInt(1000),
                                random.nextLong(),
                                members,
                                maybe(this::text),
                                maybe(this::at)));
            }
            case 4 ->
                new Answered(
                        "groups",
                        new Answer.GroupPage(
                                List.of(new Answer.GroupSummary(group(), random.nextInt(9), position())),
                                maybe(this::text),
                                positions(3)));
            case 5 -> new Answered("history", new Answer.HistoryPage(pushes(), maybe(this::at), random.nextBoolean()));
            case 6 -> new Answered("receive", new Answer.Received(pushes()));
            case 7 -> new Answered("poll", new Answer.Waiting(random.nextInt(99), random.nextInt() & 0xffffffffL));
            case 8 ->
                new Answered(
                        "settings", new Answer.SettingsInForce(maybe(this::at), maybe(this::size), maybe(this::size)));
            default ->
                new Answered(
                        "multicast",
                        new Answer.Accepted(
                                maybe(this::at),
                                random.nextBoolean(),
                                random.nextBoolean() ? List.of() : List.of(privateGroup()),
                                positions(3),
                                maybe(this::replayed)));
        };
    }

    private Answer.Replayed replayed() {
        return random.nextBoolean()
                ? new Answer.Replayed(random.nextInt(99), random.nextBoolean(), null)
                : new Answer.Replayed(0, false, ErrorCode.NOT_RECOVERED);
    }

    List<Push> pushes() {
        List<Push> pushes = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            pushes.add(push());
        }
        return pushes;
    }

    Push push() {
        return switch (random.nextInt(6)) {
            case 0 -> new Push.Transitional(at(), group());
            case 5 -> new Push.Presence(at(), group(), privateGroup(), maybe(this::presence));
            case 1 -> new Push.Left(at(), group());
            case 2 -> {
                List<String> members = List.of(privateGroup(), privateGroup());
                yield new Push.View(
                        at(),
                        group(),
                        position(),
                        ViewReason.values()[random.nextInt(4)],
                        maybe(() -> members),
                        random.nextInt(1000),
                        random.nextLong(),
                        members.subList(0, random.nextInt(3)),
                        random.nextBoolean());
            }
            default -> message();
        };
    }

    private Push.Message message() {
        return new Push.Message(
                at(),
                privateGroup(),
                random.nextBoolean() ? List.of(group()) : List.of(group(), privateGroup()),
                service(),
                type(),
                body(),
                maybe(this::privateGroup),
                maybe(this::text),
                random.nextBoolean(),
                random.nextBoolean(),
                maybe(this::group));
    }

    Body body() {
        return Body.of(RandomValues.value(random, 4));
    }

    private Body presence() {
        Body body = Body.of(RandomValues.value(random, 1));
        return body.size() > 4096 || body.equals(Body.of(Value.NULL)) ? Body.ofText("away") : body;
    }

    private HistoryStart start() {
        return switch (random.nextInt(3)) {
            case 0 -> new HistoryStart.From(at());
            case 1 -> new HistoryStart.Last(1 + random.nextInt(1000));
            default -> new HistoryStart.Since(random.nextInt(1 << 30));
        };
    }

    private List<At> positions(int max) {
        List<At> positions = new ArrayList<>();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            positions.add(at());
        }
        return positions;
    }

    private At at() {
        return new At(name(20), "e" + random.nextInt(100) + "-0_Z", position());
    }

    private Position position() {
        return random.nextInt(20) == 0
                ? Position.START
                : new Position(
                        random.nextInt(3) == 0 ? random.nextLong() >>> 8 : random.nextInt(1000), random.nextInt(3));
    }

    private String group() {
        return random.nextBoolean() ? name(60) : name(20) + "/" + name(60);
    }

    private String privateGroup() {
        return "#" + name(32) + "#" + name(32);
    }

    private String name(int lengthMax) {
        StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(lengthMax); i > 0; i--) {
            name.append(NAME_CHARS.charAt(random.nextInt(NAME_CHARS.length())));
        }
        return name.toString();
    }

    private String text() {
        String text = RandomValues.text(random);
        return text.length() <= FieldReader.TEXT_MAX ? text : "long";
    }

    private ServiceLevel service() {
        return ServiceLevel.values()[random.nextInt(6)];
    }

    private int type() {
        return random.nextBoolean() ? 0 : (short) random.nextInt();
    }

    private long seq() {
        return random.nextBoolean() ? 0 : 1 + (random.nextLong() >>> 12);
    }

    private int page() {
        return 1 + random.nextInt(FieldReader.PAGE_MAX);
    }

    private long size() {
        return random.nextLong() >>> 11;
    }

    private <T> T maybe(Supplier<T> supplier) {
        return random.nextBoolean() ? null : supplier.get();
    }
}
