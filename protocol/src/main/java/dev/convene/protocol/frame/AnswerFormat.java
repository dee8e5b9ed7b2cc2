package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer.Accepted;
import dev.convene.protocol.frame.Answer.Connected;
import dev.convene.protocol.frame.Answer.Done;
import dev.convene.protocol.frame.Answer.GroupPage;
import dev.convene.protocol.frame.Answer.GroupSummary;
import dev.convene.protocol.frame.Answer.HistoryPage;
import dev.convene.protocol.frame.Answer.Member;
import dev.convene.protocol.frame.Answer.MemberPage;
import dev.convene.protocol.frame.Answer.Received;
import dev.convene.protocol.frame.Answer.Replayed;
import dev.convene.protocol.frame.Answer.Replied;
import dev.convene.protocol.frame.Answer.Resumed;
import dev.convene.protocol.frame.Answer.SettingsInForce;
import dev.convene.protocol.frame.Answer.Waiting;
import java.util.List;

/** How answers are written, and read by clients. */
final class AnswerFormat {
    private static final int ENTRIES_MAX = 1_000_000;

    private AnswerFormat() {}

    /** Writes the fields of the answer. */
    static void write(Answer answer, FieldWriter out) {
        switch (answer) {
            case Connected connected -> writeConnected(connected, out);
            case Resumed resumed -> writeResumed(resumed, out);
            case Accepted accepted -> writeAccepted(accepted, out);
            case Replied(Push.Message reply) -> {
                out.open("reply");
                PushFormat.writeMessage(reply, out);
                out.close();
            }
            case MemberPage page -> writeMembers(page, out);
            case GroupPage page ->
                out.objects("groups", page.groups(), AnswerFormat::writeGroup)
                        .text("next", page.next())
                        .positionsIfAny("at", page.at());
            case HistoryPage page ->
                out.objects("messages", page.messages(), PushFormat::writeEntry)
                        .textOf("next", page.next())
                        .flag("complete", page.complete());
            case SettingsInForce settings ->
                out.textOf("at", settings.at())
                        .integerIfAny("historyMs", settings.historyMs())
                        .integerIfAny("historyBytes", settings.historyBytes());
            case Received(List<Push> messages) -> out.objects("messages", messages, PushFormat::writeEntry);
            case Waiting(int messages, long bytes) ->
                out.integer("messages", messages).integer("bytes", bytes);
            case Done _ -> {}
            case CapabilityAnswer other -> other.write(out);
        }
    }

    private static void writeConnected(Connected connected, FieldWriter out) {
        out.text("session", connected.session())
                .text("token", connected.token())
                .text("private", connected.privateGroup())
                .text("gateway", connected.gateway())
                .positions("at", connected.at());
        LimitsFormat.write(connected.limits(), out);
        out.text("version", connected.version());
    }

    private static void writeResumed(Resumed resumed, FieldWriter out) {
        out.flag("recovered", resumed.recovered())
                .text("session", resumed.session())
                .text("private", resumed.privateGroup())
                .text("gateway", resumed.gateway())
                .positions("at", resumed.at());
        LimitsFormat.write(resumed.limits(), out);
    }

    private static void writeMembers(MemberPage page, FieldWriter out) {
        out.text("group", page.group())
                .textOf("view", page.view())
                .integer("size", page.size())
                .text("digest", MemberDigest.toHex(page.digest()))
                .objects(
                        "members",
                        page.members(),
                        (member, each) -> each.text("member", member.member())
                                .body("presence", member.presence())
                                .text("queue", member.queue()))
                .text("next", page.next())
                .textOf("at", page.at());
    }

    private static void writeGroup(GroupSummary group, FieldWriter out) {
        out.text("group", group.group()).integer("members", group.members()).textOf("view", group.view());
    }

    static Connected connected(FieldReader in) {
        String session = null;
        String token = null;
        String privateGroup = null;
        String gateway = null;
        List<At> at = List.of();
        Limits limits = Limits.DEFAULT;
        String version = "";
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "session" -> session = in.text();
                case "token" -> token = in.text();
                case "private" -> privateGroup = in.text();
                case "gateway" -> gateway = in.text();
                case "at" -> at = in.positions(FieldReader.POSITIONS_MAX);
                case "limits" -> limits = LimitsFormat.read(in);
                case "version" -> version = in.text();
                default -> in.skip();
            }
        }
        return new Connected(
                require(session, "ok.session"),
                require(token, "ok.token"),
                require(privateGroup, "ok.private"),
                require(gateway, "ok.gateway"),
                at,
                limits,
                version);
    }

    static Resumed resumed(FieldReader in) {
        boolean recovered = false;
        String session = null;
        String privateGroup = null;
        String gateway = null;
        List<At> at = List.of();
        Limits limits = Limits.DEFAULT;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "recovered" -> recovered = in.flag();
                case "session" -> session = in.text();
                case "private" -> privateGroup = in.text();
                case "gateway" -> gateway = in.text();
                case "at" -> at = in.positions(FieldReader.POSITIONS_MAX);
                case "limits" -> limits = LimitsFormat.read(in);
                default -> in.skip();
            }
        }
        return new Resumed(
                recovered,
                require(session, "ok.session"),
                require(privateGroup, "ok.private"),
                require(gateway, "ok.gateway"),
                at,
                limits);
    }

    private static void writeAccepted(Accepted accepted, FieldWriter out) {
        out.textOf("at", accepted.at())
                .positionsIfAny("alsoAt", accepted.alsoAt())
                .flagIfTrue("duplicate", accepted.duplicate())
                .textsIfAny("dropped", accepted.dropped());
        Replayed history = accepted.history();
        if (history != null) {
            out.open("history").integer("messages", history.messages()).flag("complete", history.complete());
            ErrorCode error = history.error();
            if (error != null) {
                out.integer("code", error.number()).text("name", error.wireName());
            }
            out.close();
        }
    }

    static Accepted accepted(FieldReader in) {
        At at = null;
        boolean duplicate = false;
        List<String> dropped = List.of();
        List<At> alsoAt = List.of();
        Replayed history = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "alsoAt" -> alsoAt = in.positions(ENTRIES_MAX);
                case "duplicate" -> duplicate = in.flag();
                case "dropped" -> dropped = in.texts(ENTRIES_MAX, FieldReader.TEXT_MAX, ErrorCode.BAD_FIELD);
                case "history" -> history = replayed(in);
                default -> in.skip();
            }
        }
        return new Accepted(at, duplicate, dropped, alsoAt, history);
    }

    private static Replayed replayed(FieldReader in) {
        int messages = 0;
        boolean complete = false;
        ErrorCode error = null;
        in.enter();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "messages" -> messages = in.count(ENTRIES_MAX);
                case "complete" -> complete = in.flag();
                case "code" -> error = ErrorCode.ofNumber(in.count(Integer.MAX_VALUE));
                default -> in.skip();
            }
        }
        return new Replayed(messages, complete, error);
    }

    static Replied replied(FieldReader in) {
        Push.Message reply = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "reply" -> {
                    in.enter();
                    reply = PushFormat.readMessage(in);
                }
                default -> in.skip();
            }
        }
        return new Replied(require(reply, "ok.reply"));
    }

    static MemberPage memberPage(FieldReader in) {
        String group = null;
        Position view = null;
        int size = 0;
        long digest = 0;
        List<Member> members = List.of();
        String next = null;
        At at = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.text();
                case "at" -> at = in.position();
                case "view" -> view = in.viewId();
                case "size" -> size = in.count(Integer.MAX_VALUE);
                case "digest" -> digest = in.hex64();
                case "members" -> members = in.objects(ENTRIES_MAX, AnswerFormat::member);
                case "next" -> next = in.text();
                default -> in.skip();
            }
        }
        return new MemberPage(require(group, "ok.group"), view, size, digest, members, next, at);
    }

    private static Member member(FieldReader in) {
        String member = null;
        Body presence = null;
        String queue = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "member" -> member = in.text();
                case "presence" -> presence = in.body(Integer.MAX_VALUE, ErrorCode.PRESENCE_TOO_LARGE);
                case "queue" -> queue = in.text();
                default -> in.skip();
            }
        }
        return new Member(require(member, "ok.members.member"), presence, queue);
    }

    static GroupPage groupPage(FieldReader in) {
        List<GroupSummary> groups = List.of();
        String next = null;
        List<At> at = List.of();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "groups" -> groups = in.objects(ENTRIES_MAX, AnswerFormat::group);
                case "next" -> next = in.text();
                case "at" -> at = in.positions(ENTRIES_MAX);
                default -> in.skip();
            }
        }
        return new GroupPage(groups, next, at);
    }

    private static GroupSummary group(FieldReader in) {
        String group = null;
        int members = 0;
        Position view = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.text();
                case "members" -> members = in.count(Integer.MAX_VALUE);
                case "view" -> view = in.viewId();
                default -> in.skip();
            }
        }
        return new GroupSummary(require(group, "ok.groups.group"), members, require(view, "ok.groups.view"));
    }

    static HistoryPage historyPage(FieldReader in) {
        List<Push> messages = List.of();
        At next = null;
        boolean complete = false;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "messages" -> messages = in.objects(ENTRIES_MAX, PushFormat::readOnly);
                case "next" -> next = in.position();
                case "complete" -> complete = in.flag();
                default -> in.skip();
            }
        }
        return new HistoryPage(messages, next, complete);
    }

    static SettingsInForce settings(FieldReader in) {
        At at = null;
        Long historyMs = null;
        Long historyBytes = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "historyMs" -> historyMs = in.integer(0, ClientFrame.ID_MAX);
                case "historyBytes" -> historyBytes = in.integer(0, ClientFrame.ID_MAX);
                default -> in.skip();
            }
        }
        return new SettingsInForce(at, historyMs, historyBytes);
    }

    static Received received(FieldReader in) {
        List<Push> messages = List.of();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "messages" -> messages = in.objects(ENTRIES_MAX, PushFormat::readOnly);
                default -> in.skip();
            }
        }
        return new Received(messages);
    }

    static Waiting waiting(FieldReader in) {
        int messages = 0;
        long bytes = 0;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "messages" -> messages = in.count(Integer.MAX_VALUE);
                case "bytes" -> bytes = in.integer(0, ClientFrame.ID_MAX);
                default -> in.skip();
            }
        }
        return new Waiting(messages, bytes);
    }

    static Done done(FieldReader in) {
        while (in.next() != null) {
            in.skip();
        }
        return Done.DONE;
    }
}
