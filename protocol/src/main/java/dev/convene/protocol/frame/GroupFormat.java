package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.PAGE_DEFAULT;
import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.GroupOperation.Ack;
import dev.convene.protocol.frame.GroupOperation.Groups;
import dev.convene.protocol.frame.GroupOperation.History;
import dev.convene.protocol.frame.GroupOperation.Join;
import dev.convene.protocol.frame.GroupOperation.Leave;
import dev.convene.protocol.frame.GroupOperation.Members;
import dev.convene.protocol.frame.GroupOperation.Multicast;
import dev.convene.protocol.frame.GroupOperation.Presence;
import dev.convene.protocol.frame.GroupOperation.Reply;
import dev.convene.protocol.frame.GroupOperation.Request;
import dev.convene.protocol.frame.GroupOperation.Settings;
import dev.convene.protocol.frame.HistoryStart.From;
import dev.convene.protocol.frame.HistoryStart.Last;
import dev.convene.protocol.frame.HistoryStart.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the operations on groups are read and written. */
final class GroupFormat {
    static final List<OperationType<?>> TYPES = List.of(
            new OperationType<>(Join.NAME, Join.class, GroupFormat::join, GroupFormat::write, AnswerFormat::accepted),
            new OperationType<>(
                    Leave.NAME, Leave.class, GroupFormat::leave, GroupFormat::write, AnswerFormat::accepted),
            new OperationType<>(
                    Multicast.NAME,
                    Multicast.class,
                    GroupFormat::multicast,
                    MulticastFields::write,
                    AnswerFormat::accepted),
            new OperationType<>(
                    Request.NAME, Request.class, GroupFormat::request, GroupFormat::write, AnswerFormat::replied),
            new OperationType<>(
                    Reply.NAME, Reply.class, GroupFormat::reply, MulticastFields::write, AnswerFormat::accepted),
            new OperationType<>(
                    Presence.NAME, Presence.class, GroupFormat::presence, GroupFormat::write, AnswerFormat::accepted),
            new OperationType<>(Ack.NAME, Ack.class, GroupFormat::ack, GroupFormat::write, AnswerFormat::accepted),
            new OperationType<>(
                    Members.NAME, Members.class, GroupFormat::members, GroupFormat::write, AnswerFormat::memberPage),
            new OperationType<>(
                    Groups.NAME, Groups.class, GroupFormat::groups, GroupFormat::write, AnswerFormat::groupPage),
            new OperationType<>(
                    History.NAME, History.class, GroupFormat::history, GroupFormat::write, AnswerFormat::historyPage),
            new OperationType<>(
                    Settings.NAME, Settings.class, GroupFormat::settings, GroupFormat::write, AnswerFormat::settings));

    private GroupFormat() {}

    private static Join join(FieldReader in) {
        String group = null;
        Body presence = null;
        String queue = null;
        Boolean membership = null;
        HistoryStart history = null;
        long seq = 0;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "presence" -> presence = presenceBody(in);
                case "queue" -> queue = queueName(in);
                case "membership" -> membership = in.flag();
                case "history" -> history = nestedStart(in);
                case "seq" -> seq = in.seq();
                default -> in.skip();
            }
        }
        return new Join(require(group, "join.group"), presence, queue, membership, history, seq);
    }

    private static void write(Join join, FieldWriter out) {
        out.text("group", join.group()).body("presence", join.presence()).text("queue", join.queue());
        if (join.membership() != null) {
            out.flag("membership", join.membership());
        }
        if (join.history() != null) {
            out.open("history");
            write(join.history(), out);
            out.close();
        }
        out.integerUnless("seq", join.seq(), 0);
    }

    private static Body presenceBody(FieldReader in) {
        return in.body(in.limits().presenceBytesMax(), ErrorCode.PRESENCE_TOO_LARGE);
    }

    private static String queueName(FieldReader in) {
        String name = in.textIfAny();
        if (name == null || !Names.isGroupName(name)) {
            throw in.refusal(ErrorCode.ILLEGAL_QUEUE_NAME);
        }
        return name;
    }

    private static @Nullable HistoryStart nestedStart(FieldReader in) {
        in.enter();
        HistoryStart start = null;
        for (String field = in.next(); field != null; field = in.next()) {
            HistoryStart given = start(field, in);
            start = given == null ? start : one(start, given, in);
        }
        return start;
    }

    /** The start that this field gives, or null after passing over a field that gives none. */
    private static @Nullable HistoryStart start(String field, FieldReader in) {
        return switch (field) {
            case "from" -> new From(in.position());
            case "last" -> new Last((int) in.integer(1, Integer.MAX_VALUE));
            case "since" -> new Since(in.integer(0, ClientFrame.ID_MAX));
            default -> {
                in.skip();
                yield null;
            }
        };
    }

    private static HistoryStart one(@Nullable HistoryStart first, HistoryStart second, FieldReader in) {
        if (first != null) {
            throw in.refusal(ErrorCode.BAD_FIELD, "give one of from, last and since");
        }
        return second;
    }

    private static void write(@Nullable HistoryStart start, FieldWriter out) {
        switch (start) {
            case From(At at) -> out.textOf("from", at);
            case Last(int count) -> out.integer("last", count);
            case Since(long epochMs) -> out.integer("since", epochMs);
            case null -> {}
        }
    }

    private static Leave leave(FieldReader in) {
        String group = null;
        long seq = 0;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "seq" -> seq = in.seq();
                default -> in.skip();
            }
        }
        return new Leave(require(group, "leave.group"), seq);
    }

    private static void write(Leave leave, FieldWriter out) {
        out.text("group", leave.group()).integerUnless("seq", leave.seq(), 0);
    }

    private static Multicast multicast(FieldReader in) {
        MulticastFields fields = new MulticastFields(Multicast.NAME);
        for (String field = in.next(); field != null; field = in.next()) {
            fields.take(field, in);
        }
        return fields.multicast();
    }

    private static Request request(FieldReader in) {
        MulticastFields fields = new MulticastFields(Request.NAME);
        int timeoutMs = in.limits().waitMsMax();
        for (String field = in.next(); field != null; field = in.next()) {
            if (field.equals("timeoutMs")) {
                timeoutMs = (int) in.integer(1, Request.TIMEOUT_MS_MAX);
            } else {
                fields.take(field, in);
            }
        }
        return new Request(fields.multicast(), timeoutMs);
    }

    private static void write(Request request, FieldWriter out) {
        MulticastFields.write(request.message(), out);
        out.integer("timeoutMs", request.timeoutMs());
    }

    private static Reply reply(FieldReader in) {
        MulticastFields fields = new MulticastFields(Reply.NAME);
        for (String field = in.next(); field != null; field = in.next()) {
            fields.take(field, in);
        }
        return fields.reply();
    }

    private static Presence presence(FieldReader in) {
        String group = null;
        Body presence = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "presence" -> presence = presenceBody(in);
                default -> in.skip();
            }
        }
        return new Presence(require(group, "presence.group"), presence);
    }

    private static void write(Presence presence, FieldWriter out) {
        out.text("group", presence.group()).body("presence", presence.presence());
    }

    private static Ack ack(FieldReader in) {
        String group = null;
        List<At> at = null;
        boolean release = false;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "at" -> at = in.positions(FieldReader.POSITIONS_MAX);
                case "release" -> release = in.flag();
                default -> in.skip();
            }
        }
        return new Ack(require(group, "ack.group"), require(at, "ack.at"), release);
    }

    private static void write(Ack ack, FieldWriter out) {
        out.text("group", ack.group()).positions("at", ack.at()).flagIfTrue("release", ack.release());
    }

    private static Members members(FieldReader in) {
        String group = null;
        Position view = null;
        String after = null;
        int limit = PAGE_DEFAULT;
        At at = null;
        boolean strong = false;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "at" -> at = in.position();
                case "strong" -> strong = in.flag();
                case "view" -> view = in.viewId();
                case "after" -> after = in.text();
                case "limit" -> limit = in.pageLimit();
                default -> in.skip();
            }
        }
        return new Members(require(group, "members.group"), view, after, limit, at, strong);
    }

    private static void write(Members members, FieldWriter out) {
        out.text("group", members.group())
                .textOf("view", members.view())
                .text("after", members.after())
                .integerUnless("limit", members.limit(), PAGE_DEFAULT)
                .textOf("at", members.at())
                .flagIfTrue("strong", members.strong());
    }

    private static Groups groups(FieldReader in) {
        String prefix = null;
        String domain = null;
        String after = null;
        int limit = PAGE_DEFAULT;
        List<At> at = List.of();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.positions(FieldReader.POSITIONS_MAX);
                case "prefix" -> prefix = in.text();
                case "domain" -> domain = in.visible(Names.GROUP_NAME_MAX);
                case "after" -> after = in.text();
                case "limit" -> limit = in.pageLimit();
                default -> in.skip();
            }
        }
        return new Groups(prefix, domain, after, limit, at);
    }

    private static void write(Groups groups, FieldWriter out) {
        out.text("prefix", groups.prefix())
                .text("domain", groups.domain())
                .text("after", groups.after())
                .integerUnless("limit", groups.limit(), PAGE_DEFAULT)
                .positionsIfAny("at", groups.at());
    }

    private static History history(FieldReader in) {
        String group = null;
        HistoryStart start = null;
        int limit = PAGE_DEFAULT;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "limit" -> limit = in.pageLimit();
                default -> {
                    HistoryStart given = start(field, in);
                    start = given == null ? start : one(start, given, in);
                }
            }
        }
        return new History(require(group, "history.group"), start, limit);
    }

    private static void write(History history, FieldWriter out) {
        out.text("group", history.group());
        write(history.start(), out);
        out.integerUnless("limit", history.limit(), PAGE_DEFAULT);
    }

    private static Settings settings(FieldReader in) {
        String group = null;
        Long historyMs = null;
        Long historyBytes = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "group" -> group = in.group();
                case "historyMs" -> historyMs = in.integer(0, ClientFrame.ID_MAX);
                case "historyBytes" -> historyBytes = in.integer(0, ClientFrame.ID_MAX);
                default -> in.skip();
            }
        }
        return new Settings(require(group, "settings.group"), historyMs, historyBytes);
    }

    private static void write(Settings settings, FieldWriter out) {
        out.text("group", settings.group())
                .integerIfAny("historyMs", settings.historyMs())
                .integerIfAny("historyBytes", settings.historyBytes());
    }
}
