package dev.convene.testkit.machine;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import dev.convene.runtime.Timer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shard that writes down everything that the machine asks of it. Commands are words: {@code add X}, {@code fail} (the
 * check throws), {@code halt} (the change throws), {@code wait K}, {@code wake K}, {@code after MS K}, {@code at MS K},
 * {@code cancel ID}, {@code forward X}, {@code push X}, {@code fill}, {@code drain}, and {@code put X}, which is refused
 * for the time being while it is full.
 */
final class ProbeShard implements Shard<String> {
    /** A wall timer with this key sets itself again for a past moment. */
    static final long AGAIN = 777_777;

    final List<String> seen = new ArrayList<>();
    private final Map<String, List<Request>> waiting = new LinkedHashMap<>();
    private ShardContext context;
    int behaviourMax = 1;

    @Override
    public void begin(ShardContext surroundings) {
        context = surroundings;
    }

    @Override
    public String decode(byte[] body, byte @Nullable [] payload) {
        String command = new String(body, StandardCharsets.UTF_8);
        if (command.isEmpty() || command.charAt(0) < 'a' || command.charAt(0) > 'z') {
            throw new MalformedRecordException("no such command");
        }
        return payload == null ? command : command + " " + payload.length;
    }

    @Override
    public Change prepare(String command, Request request) {
        String[] words = command.split(" ");
        return switch (words[0]) {
            case "put" -> isFull() ? Change.refuse(request, ErrorCode.QUEUE_FULL) : seen(request, command, e -> {});
            case "fail" -> throw new IllegalStateException("planted");
            case "halt" ->
                effects -> {
                    throw new IllegalStateException("planted");
                };
            case "wait" ->
                effects -> waiting.computeIfAbsent(words[1], key -> new ArrayList<>())
                        .add(request);
            case "wake" ->
                effects -> {
                    List<Request> woken = waiting.remove(words[1]);
                    if (woken != null) {
                        woken.forEach(one -> effects.answer(one, Answer.ok(one.position())));
                    }
                    effects.answer(request, Answer.ok(request.position()));
                };
            case "after" ->
                seen(request, command, e -> context.after(Long.parseLong(words[1]), 1, Long.parseLong(words[2])));
            case "at" -> seen(request, command, e -> context.at(Long.parseLong(words[1]), 2, Long.parseLong(words[2])));
            case "cancel" -> seen(request, command, e -> context.cancel(Long.parseLong(words[1])));
            case "forward" ->
                seen(request, command, e -> e.forward("other", 3, words[1].getBytes(StandardCharsets.UTF_8)));
            case "answer" ->
                effects -> effects.answer(request, Answer.ok(request.position(), new byte[Integer.parseInt(words[1])]));
            case "large" -> seen(request, command, e -> e.forward("other", 3, new byte[Integer.parseInt(words[1])]));
            case "push" -> seen(request, command, e -> e.push(1, 1, words[1].getBytes(StandardCharsets.UTF_8)));
            default -> seen(request, command, e -> {});
        };
    }

    private boolean isFull() {
        return seen.lastIndexOf("fill") > seen.lastIndexOf("drain");
    }

    private Change seen(Request request, String command, java.util.function.Consumer<Effects> more) {
        return effects -> {
            seen.add(command);
            more.accept(effects);
            effects.answer(request, Answer.ok(request.position(), new byte[] {(byte) seen.size()}));
        };
    }

    @Override
    public void sessionAttached(Attachment session, Effects effects) {
        seen.add("attached " + session.id());
    }

    @Override
    public void sessionSuspended(Attachment session, Effects effects) {
        seen.add("suspended " + session.id());
    }

    @Override
    public void sessionResumed(Attachment session, Effects effects) {
        seen.add("resumed " + session.id());
    }

    @Override
    public void confirmed(Attachment session, Position upTo, Effects effects) {
        seen.add("confirmed " + session.id() + " " + upTo);
    }

    @Override
    public void sessionsEnded(List<Attachment> sessions, SessionEnd end, Effects effects) {
        seen.add("ended " + end + " " + sessions.stream().map(Attachment::id).toList());
        waiting.values().forEach(requests -> requests.removeIf(request -> sessions.contains(request.session())));
    }

    @Override
    public void gatewayAttached(long incarnation, Effects effects) {
        seen.add("gateway " + incarnation);
    }

    @Override
    public void gatewayLost(long incarnation, Effects effects) {
        seen.add("lost " + incarnation);
        waiting.values()
                .forEach(requests -> requests.removeIf(
                        request -> request.session() == null && request.origin().incarnation() == incarnation));
    }

    @Override
    public void due(Timer timer, Effects effects) {
        seen.add("due " + timer.kind() + " " + timer.key() + " " + context.servedMs() + " " + context.wallMs());
        if (timer.kind() == 2 && timer.key() == AGAIN) {
            context.at(0, 2, AGAIN);
        }
    }

    @Override
    public int behaviourMax() {
        return behaviourMax;
    }

    @Override
    public void write(Encoder out) {
        out.varint(seen.size());
        seen.forEach(out::string);
        out.varint(waiting.size());
        waiting.forEach((key, requests) -> {
            out.string(key).varint(requests.size());
            for (Request request : requests) {
                out.varlong(request.position().offset());
                request.origin().write(out);
            }
        });
    }

    @Override
    public void read(Decoder in) {
        int count = in.count(1);
        for (int i = 0; i < count; i++) {
            seen.add(in.string());
        }
        int keys = in.count(2);
        for (int i = 0; i < keys; i++) {
            List<Request> requests = new ArrayList<>();
            waiting.put(in.string(), requests);
            int waitingCount = in.count(8);
            for (int j = 0; j < waitingCount; j++) {
                Position position = Position.of(in.varlong());
                Origin origin = Origin.read(in);
                requests.add(new Request(position, origin, context.session(origin.requester())));
            }
        }
    }
}
