package dev.convene.protocol.log;

import dev.convene.protocol.Content;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of everything that stands in a log, with a name for its file. */
final class Samples {
    private static final Origin ORIGIN = new Origin(17, 300, 2, 70_000, 7, 9, "order-1");
    private static final byte[] HASH = {1, 2, 3, (byte) 0xff};

    private Samples() {}

    static Map<String, LogEntry> entries() {
        Map<String, LogEntry> samples = new LinkedHashMap<>();
        LogEntry.Command first = new LogEntry.Command(ORIGIN, new byte[] {3, 1, 'g'}, null);
        LogEntry.Command second =
                new LogEntry.Command(new Origin(17, 17, 0, 1, 0, 0, ""), new byte[] {6, 1, 'g'}, null);
        samples.put("commands", new LogEntry.Commands(List.of(first, second)));
        samples.put(
                "command",
                new LogEntry.Command(ORIGIN, new byte[] {1, 2, 3}, "hello".getBytes(StandardCharsets.UTF_8)));
        samples.put("term", new LogEntry.Term(4, "group-service-1"));
        samples.put("tick", new LogEntry.Tick(4, 123_456, 1_800_000_000_123L));
        samples.put("owner-command", new LogEntry.OwnerCommand(4, new byte[] {3, 17}));
        samples.put(
                "forwards",
                new LogEntry.Forwards(
                        "sessions",
                        0,
                        "7kq2x-0",
                        List.of(
                                new LogEntry.Forward(new Position(99, 0), true, new byte[] {2, 17}),
                                new LogEntry.Forward(new Position(99, 3), false, new byte[] {1}))));
        samples.put("skip", new LogEntry.Skip(1024));
        samples.put("behaviour", new LogEntry.Behaviour(2));
        samples.put("probe", new LogEntry.Probe(-2));
        samples.put(
                "confirmations",
                new LogEntry.Confirmations(17, List.of(new LogEntry.Confirmation(300, 2, new Position(1000, 1)))));
        samples.put(
                "progress",
                new LogEntry.Progress(17, List.of(new LogEntry.Confirmation(300, 2, new Position(1000, 1)))));
        samples.put("unasked", new LogEntry.Unasked(new byte[] {1, 2}));
        return samples;
    }

    static Map<String, SessionEvent> sessionEvents() {
        Map<String, SessionEvent> samples = new LinkedHashMap<>();
        samples.put("event-gateway-attached", new SessionEvent.GatewayAttached(17, "gw-1"));
        samples.put("event-gateway-lost", new SessionEvent.GatewayLost(17));
        samples.put("event-session-attached", new SessionEvent.SessionAttached(300, 1, 17, "#alice#gw-1", true));
        samples.put("event-session-suspended", new SessionEvent.SessionSuspended(300, 1));
        samples.put("event-session-resumed", new SessionEvent.SessionResumed(300, 2, 18));
        samples.put("event-session-ended", new SessionEvent.SessionEnded(300, true));
        return samples;
    }

    static Map<String, SessionCommand> sessionCommands() {
        Map<String, SessionCommand> samples = new LinkedHashMap<>();
        samples.put(
                "session-register-gateway", new SessionCommand.RegisterGateway("gw-1", 0x0123456789abcdefL, 10_000));
        samples.put("session-unregister-gateway", new SessionCommand.UnregisterGateway(10_000));
        samples.put("session-declare-gateway-lost", new SessionCommand.DeclareGatewayLost(17, 1000, 10_000));
        samples.put("session-suspend", new SessionCommand.Suspend(300, 2));
        samples.put("session-close", new SessionCommand.Close(300, 2));
        samples.put("session-attach", new SessionCommand.Attach(300, 2, "groups", "debian"));
        samples.put("session-attach-gateway", new SessionCommand.AttachGateway("groups", "debian"));
        samples.put("session-declare-log", new SessionCommand.DeclareLog("groups", 4));
        return samples;
    }

    static Map<String, SessionReply> sessionReplies() {
        Map<String, SessionReply> samples = new LinkedHashMap<>();
        SessionReply.Domain domain = new SessionReply.Domain("groups", "default", 2);
        samples.put("reply-gateway-registered", new SessionReply.GatewayRegistered(17, -1));
        samples.put("reply-gateway-declared-lost", new SessionReply.GatewayDeclaredLost(17, true));
        samples.put("reply-connected", new SessionReply.Connected(300, 1, List.of(domain)));
        samples.put("reply-resumed", new SessionReply.Resumed(300, "alice", "gw-1", true, 10_000, 2, List.of(domain)));
        samples.put("reply-attached", new SessionReply.Attached(domain));
        samples.put("reply-done", new SessionReply.Done());
        return samples;
    }

    static Map<String, GroupCommand> groupCommands() {
        Map<String, GroupCommand> samples = new LinkedHashMap<>();
        samples.put("group-leave", new GroupCommand.Leave("debian/net"));
        samples.put(
                "group-acknowledge",
                new GroupCommand.Acknowledge("work", List.of(new Position(5, 0), new Position(6, 2)), true));
        samples.put("group-list-members", new GroupCommand.ListMembers("work"));
        samples.put("group-set-settings", new GroupCommand.SetSettings("work", 3_600_000, -1));
        return samples;
    }

    /** Records with arrays, which are compared by their bytes. */
    static Map<String, byte[]> others() {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("session-connect", new SessionCommand.Connect("alice", HASH, true, 10_000, 20_000).toBytes());
        samples.put("session-resume", new SessionCommand.Resume(300, HASH).toBytes());
        samples.put("look-up-domain", new SessionCommand.AttachGateway("groups", "debian", false).toBytes());
        samples.put("qualified-session-resume", new SessionCommand.Resume(300, HASH, "acme").toBytes());
        samples.put(
                "group-join",
                new GroupCommand.Join("work", "crew", true, "\"here\"".getBytes(StandardCharsets.UTF_8)).toBytes());
        samples.put("group-set-presence", new GroupCommand.SetPresence("work", new byte[0]).toBytes());
        samples.put("group-multicast", multicast().toBytes());
        Encoder event = new Encoder();
        new SessionEvent.GatewayExpired(17, new long[] {300, 301}).write(event);
        samples.put("event-gateway-expired", event.toBytes());
        Encoder answer = new Encoder();
        new Answer(ErrorCode.QUEUE_FULL.number(), new Position(1000, 2), true, new byte[] {1, 0}).write(answer);
        samples.put("answer", answer.toBytes());
        return samples;
    }

    static GroupCommand.Multicast multicast() {
        return new GroupCommand.Multicast(
                List.of("debian/net", "#bob#gw-2"),
                "#alice#gw-1",
                ServiceLevel.CAUSAL,
                -32768,
                true,
                Content.JSON,
                "#alice#gw-1",
                "c-1",
                List.of(new GroupCommand.Cause(1, 999)),
                "{}".getBytes(StandardCharsets.UTF_8));
    }
}
