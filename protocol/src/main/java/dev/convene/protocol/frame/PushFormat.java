package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Push.Left;
import dev.convene.protocol.frame.Push.Message;
import dev.convene.protocol.frame.Push.Presence;
import dev.convene.protocol.frame.Push.Transitional;
import dev.convene.protocol.frame.Push.Unknown;
import dev.convene.protocol.frame.Push.View;
import java.util.List;

/** How pushes are written, and read by clients. */
final class PushFormat {
    private static final int MEMBERS_MAX = 1_000_000;

    private PushFormat() {}

    /** Writes the push as a map with its name as the only key. */
    static void write(Push push, FieldWriter out) {
        out.open();
        writeEntry(push, out);
        out.close();
    }

    /** Writes the one entry of such a map. */
    static void writeEntry(Push push, FieldWriter out) {
        out.open(push.push());
        switch (push) {
            case Message message -> writeMessage(message, out);
            case View view -> writeView(view, out);
            case Transitional(At at, String group) -> out.textOf("at", at).text("group", group);
            case Left(At at, String group) -> out.textOf("at", at).text("group", group);
            case Presence presence -> writePresence(presence, out);
            case Unknown _ -> {}
        }
        out.close();
    }

    /** Writes the fields of a message. */
    static void writeMessage(Message message, FieldWriter out) {
        out.textOf("at", message.at())
                .text("from", message.from())
                .texts("groups", message.groups())
                .text("service", message.service().wireName())
                .integerUnless("type", message.type(), 0)
                .body("body", message.body())
                .text("replyTo", message.replyTo())
                .text("correlation", message.correlation())
                .flagIfTrue("redelivered", message.redelivered())
                .flagIfTrue("history", message.history())
                .text("queue", message.queue());
    }

    private static void writeView(View view, FieldWriter out) {
        out.textOf("at", view.at())
                .text("group", view.group())
                .textOf("view", view.view())
                .text("reason", view.reason().wireName());
        if (view.members() != null) {
            out.texts("members", view.members());
        }
        out.integer("size", view.size())
                .text("digest", MemberDigest.toHex(view.digest()))
                .texts("changed", view.changed())
                .flagIfTrue("history", view.history());
    }

    private static void writePresence(Presence push, FieldWriter out) {
        out.textOf("at", push.at()).text("group", push.group()).text("member", push.member());
        if (push.presence() != null) {
            out.body("presence", push.presence());
        }
    }

    /** The push in a map whose only key is its name; the reader is inside that map. */
    static Push readOnly(FieldReader in) {
        String name = in.next();
        if (name == null) {
            throw in.refusal(ErrorCode.BAD_FRAME, "a push is missing");
        }
        Push push = read(name, in);
        if (in.next() != null) {
            throw in.refusal(ErrorCode.BAD_FRAME, "one push in a map");
        }
        return push;
    }

    /** The push with this name, whose map the reader is at. */
    static Push read(String name, FieldReader in) {
        switch (name) {
            case Message.NAME, View.NAME, Transitional.NAME, Left.NAME, Presence.NAME -> in.enter();
            default -> {
                in.skip();
                return new Unknown(name);
            }
        }
        return switch (name) {
            case Message.NAME -> readMessage(in);
            case View.NAME -> readView(in);
            case Presence.NAME -> readPresence(in);
            default -> readShort(name, in);
        };
    }

    /** The fields of a message. */
    static Message readMessage(FieldReader in) {
        At at = null;
        String from = null;
        List<String> groups = List.of();
        ServiceLevel service = null;
        int type = 0;
        Body body = null;
        String replyTo = null;
        String correlation = null;
        boolean redelivered = false;
        boolean history = false;
        String queue = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "from" -> from = in.text();
                case "groups" -> groups = in.texts(MEMBERS_MAX, FieldReader.TEXT_MAX, ErrorCode.BAD_FIELD);
                case "service" -> service = MulticastFields.service(in);
                case "type" -> type = (int) in.integer(Short.MIN_VALUE, Short.MAX_VALUE);
                case "body" -> body = in.body(Integer.MAX_VALUE, ErrorCode.MESSAGE_TOO_LARGE);
                case "replyTo" -> replyTo = in.text();
                case "correlation" -> correlation = in.text();
                case "redelivered" -> redelivered = in.flag();
                case "history" -> history = in.flag();
                case "queue" -> queue = in.text();
                default -> in.skip();
            }
        }
        return new Message(
                require(at, "message.at"),
                require(from, "message.from"),
                groups,
                require(service, "message.service"),
                type,
                require(body, "message.body"),
                replyTo,
                correlation,
                redelivered,
                history,
                queue);
    }

    private static View readView(FieldReader in) {
        At at = null;
        String group = null;
        Position view = null;
        ViewReason reason = null;
        List<String> members = null;
        int size = 0;
        long digest = 0;
        List<String> changed = List.of();
        boolean history = false;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "group" -> group = in.text();
                case "view" -> view = in.viewId();
                case "reason" -> reason = ViewReason.ofWireName(in.text());
                case "members" -> members = in.texts(MEMBERS_MAX, FieldReader.TEXT_MAX, ErrorCode.BAD_FIELD);
                case "size" -> size = in.count(Integer.MAX_VALUE);
                case "digest" -> digest = in.hex64();
                case "changed" -> changed = in.texts(MEMBERS_MAX, FieldReader.TEXT_MAX, ErrorCode.BAD_FIELD);
                case "history" -> history = in.flag();
                default -> in.skip();
            }
        }
        return new View(
                require(at, "view.at"),
                require(group, "view.group"),
                require(view, "view.view"),
                require(reason, "view.reason"),
                members,
                size,
                digest,
                changed,
                history);
    }

    private static Presence readPresence(FieldReader in) {
        At at = null;
        String group = null;
        String member = null;
        Body presence = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "group" -> group = in.text();
                case "member" -> member = in.text();
                case "presence" -> presence = in.body(Integer.MAX_VALUE, ErrorCode.PRESENCE_TOO_LARGE);
                default -> in.skip();
            }
        }
        return new Presence(
                require(at, "presence.at"),
                require(group, "presence.group"),
                require(member, "presence.member"),
                presence);
    }

    private static Push readShort(String name, FieldReader in) {
        At at = null;
        String group = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = in.position();
                case "group" -> group = in.text();
                default -> in.skip();
            }
        }
        At where = require(at, name + ".at");
        String which = require(group, name + ".group");
        return name.equals(Left.NAME) ? new Left(where, which) : new Transitional(where, which);
    }
}
