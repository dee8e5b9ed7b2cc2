package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.frame.SessionOperation.Close;
import dev.convene.protocol.frame.SessionOperation.Connect;
import dev.convene.protocol.frame.SessionOperation.Ping;
import dev.convene.protocol.frame.SessionOperation.Poll;
import dev.convene.protocol.frame.SessionOperation.Receive;
import dev.convene.protocol.frame.SessionOperation.Resume;
import dev.convene.protocol.frame.SessionOperation.Seen;
import java.util.List;
import java.util.function.Supplier;

/** How the operations on sessions are read and written. */
final class SessionFormat {
    /** Most pushes that one {@code receive} returns where it does not say. */
    static final int RECEIVE_DEFAULT = 100;

    static final List<OperationType<?>> TYPES = List.of(
            new OperationType<>(
                    Connect.NAME, Connect.class, SessionFormat::connect, SessionFormat::write, AnswerFormat::connected),
            new OperationType<>(
                    Resume.NAME, Resume.class, SessionFormat::resume, SessionFormat::write, AnswerFormat::resumed),
            new OperationType<>(
                    Close.NAME, Close.class, in -> nothing(in, Close::new), (_, _) -> {}, AnswerFormat::done),
            new OperationType<>(
                    Receive.NAME, Receive.class, SessionFormat::receive, SessionFormat::write, AnswerFormat::received),
            new OperationType<>(
                    Poll.NAME, Poll.class, in -> nothing(in, Poll::new), (_, _) -> {}, AnswerFormat::waiting),
            new OperationType<>(Seen.NAME, Seen.class, SessionFormat::seen, SessionFormat::write, AnswerFormat::done),
            new OperationType<>(Ping.NAME, Ping.class, in -> nothing(in, Ping::new), (_, _) -> {}, AnswerFormat::done));

    private SessionFormat() {}

    private static <T> T nothing(FieldReader in, Supplier<T> operation) {
        while (in.next() != null) {
            in.skip();
        }
        return operation.get();
    }

    private static Connect connect(FieldReader in) {
        String name = null;
        boolean membership = true;
        Long graceMs = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "name" -> name = sessionName(in);
                case "membership" -> membership = in.flag();
                case "graceMs" -> graceMs = in.integer(0, Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
        return new Connect(name, membership, graceMs);
    }

    private static String sessionName(FieldReader in) {
        String name = in.textIfAny();
        if (name == null) {
            // Refused as what is no string.
            return in.text();
        }
        if (!Names.isSessionName(name)) {
            throw in.refusal(ErrorCode.ILLEGAL_NAME);
        }
        return name;
    }

    private static void write(Connect connect, FieldWriter out) {
        out.text("name", connect.name());
        if (!connect.membership()) {
            out.flag("membership", false);
        }
        out.integerIfAny("graceMs", connect.graceMs());
    }

    private static Resume resume(FieldReader in) {
        String session = null;
        String token = null;
        List<At> at = List.of();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "session" -> session = in.text();
                case "token" -> token = in.text();
                case "at" -> at = vector(in);
                default -> in.skip();
            }
        }
        return new Resume(require(session, "resume.session"), require(token, "resume.token"), at);
    }

    private static void write(Resume resume, FieldWriter out) {
        out.text("session", resume.session()).text("token", resume.token()).positions("at", resume.at());
    }

    private static Receive receive(FieldReader in) {
        int waitMs = 0;
        int limit = RECEIVE_DEFAULT;
        List<At> seen = List.of();
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "wait" -> waitMs = in.count(in.limits().waitMsMax());
                case "limit" -> limit = in.pageLimit();
                case "seen" -> seen = vector(in);
                default -> in.skip();
            }
        }
        return new Receive(waitMs, limit, seen);
    }

    private static void write(Receive receive, FieldWriter out) {
        out.integerUnless("wait", receive.waitMs(), 0).integerUnless("limit", receive.limit(), RECEIVE_DEFAULT);
        if (!receive.seen().isEmpty()) {
            out.positions("seen", receive.seen());
        }
    }

    private static Seen seen(FieldReader in) {
        List<At> at = null;
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "at" -> at = vector(in);
                default -> in.skip();
            }
        }
        return new Seen(require(at, "seen.at"));
    }

    private static void write(Seen seen, FieldWriter out) {
        out.positions("at", seen.at());
    }

    /** One position per domain of the session. */
    private static List<At> vector(FieldReader in) {
        return in.positions(in.limits().domainsPerSessionMax());
    }
}
