package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation.Multicast;
import dev.convene.protocol.frame.GroupOperation.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields that whatever sends a message has in common, collected while they are read. */
final class MulticastFields {
    private final String operation;
    private @Nullable List<String> groups;
    private @Nullable String to;
    private @Nullable ServiceLevel service;
    private int type;
    private @Nullable Body body;
    private boolean selfDiscard;
    private @Nullable String key;
    private long seq;
    private @Nullable String replyTo;
    private @Nullable String correlation;

    MulticastFields(String operation) {
        this.operation = operation;
    }

    /** Takes the present field, or passes over it. */
    void take(String field, FieldReader in) {
        switch (field) {
            case "group" -> {
                refuseSecondTarget(in);
                groups = List.of(in.target());
            }
            case "groups" -> {
                refuseSecondTarget(in);
                groups = in.targets();
            }
            case "to" -> to = in.privateGroup();
            case "service" -> service = service(in);
            case "type" -> type = (int) in.integer(Short.MIN_VALUE, Short.MAX_VALUE, ErrorCode.ILLEGAL_MESSAGE_TYPE);
            case "body" -> body = in.body(in.limits().messageBytesMax(), ErrorCode.MESSAGE_TOO_LARGE);
            case "selfDiscard" -> selfDiscard = in.flag();
            case "key" -> key = in.visible(Names.KEY_MAX);
            case "seq" -> seq = in.seq();
            case "replyTo" -> replyTo = in.target();
            case "correlation" -> correlation = in.text();
            default -> in.skip();
        }
    }

    private void refuseSecondTarget(FieldReader in) {
        if (groups != null) {
            throw in.refusal(ErrorCode.BAD_FIELD, "give group or groups, not both");
        }
    }

    static ServiceLevel service(FieldReader in) {
        String name = in.textIfAny();
        ServiceLevel level = name == null ? null : ServiceLevel.ofWireName(name);
        if (level == null) {
            throw in.refusal(ErrorCode.ILLEGAL_SERVICE);
        }
        return level;
    }

    Multicast multicast() {
        if (groups == null || groups.isEmpty()) {
            throw refusal(ErrorCode.NO_TARGET, ".groups");
        }
        if (service == null) {
            throw refusal(ErrorCode.ILLEGAL_SERVICE, ".service");
        }
        return new Multicast(
                groups, service, type, require(body, operation + ".body"), selfDiscard, key, seq, replyTo, correlation);
    }

    Reply reply() {
        return new Reply(
                require(to, operation + ".to"),
                require(correlation, operation + ".correlation"),
                require(body, operation + ".body"),
                type,
                service == null ? ServiceLevel.FIFO : service,
                key,
                seq);
    }

    private ConveneException refusal(ErrorCode code, String field) {
        return new ConveneException(code, operation + field, code.advice());
    }

    static void write(Multicast multicast, FieldWriter out) {
        if (multicast.groups().size() == 1) {
            out.text("group", multicast.groups().getFirst());
        } else {
            out.texts("groups", multicast.groups());
        }
        out.text("service", multicast.service().wireName())
                .integerUnless("type", multicast.type(), 0)
                .body("body", multicast.body())
                .flagIfTrue("selfDiscard", multicast.selfDiscard())
                .text("key", multicast.key())
                .integerUnless("seq", multicast.seq(), 0)
                .text("replyTo", multicast.replyTo())
                .text("correlation", multicast.correlation());
    }

    static void write(Reply reply, FieldWriter out) {
        out.text("to", reply.to()).text("correlation", reply.correlation());
        if (reply.service() != ServiceLevel.FIFO) {
            out.text("service", reply.service().wireName());
        }
        out.integerUnless("type", reply.type(), 0)
                .body("body", reply.body())
                .text("key", reply.key())
                .integerUnless("seq", reply.seq(), 0);
    }
}
