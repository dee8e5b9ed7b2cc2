package dev.convene.systemtests.simulation;

import dev.convene.gateway.core.ConnectRequest;
import dev.convene.gateway.core.Opened;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIds;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.check.order.SessionRecorder;
import dev.convene.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A client of the product's gateway core, with several requests under way. One that numbers its requests asks again, in
 * order, whatever may or may not have been done; another one does so with what it has given an idempotency key, and asks
 * for everything else once.
 */
final class CoreClient implements SimulatedClient {
    private static final int UNANSWERED_MAX = 4;
    private static final long PATIENCE_MS = 7000;
    private static final long AGAIN_MS = 100;

    private final GroupsRun run;
    private final Simulation simulation;
    private final String wanted;
    private final boolean membership;
    private final boolean numbers;
    private final Asking asking;
    private final Places places = new Places();
    private final Repeating repeating = new Repeating();
    private final TreeSet<Long> open = new TreeSet<>();
    /** What is asked for until it is known, by number. */
    private final TreeMap<Long, Asked> pending = new TreeMap<>();

    private boolean over;
    private String name = "";
    private String token = "";
    private String id = "";
    private long nextTicket;
    private Link link;

    private @Nullable SessionRecorder recorder;
    private @Nullable LocalSession session;
    private @Nullable CoreGateway gateway;

    CoreClient(GroupsRun run, String wanted, boolean membership) {
        this.run = run;
        this.simulation = run.simulation();
        this.wanted = wanted;
        this.membership = membership;
        this.numbers = simulation.chance(60);
        this.asking = new Asking(run, numbers);
        this.link = new Link(simulation);
        connect();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    private Link newLink(CoreGateway to) {
        link.cut();
        link = to.connection(new Link(simulation));
        Link mine = link;
        mine.onBreak(() -> broken(mine));
        return mine;
    }

    private void connect() {
        CoreGateway to = run.readyGateway(CoreGateway.class);
        if (to == null) {
            over = true;
            return;
        }
        Link mine = newLink(to);
        SessionOperation.Connect operation = new SessionOperation.Connect(wanted, membership, (long) run.graceMs());
        mine.request(
                to.process(),
                () -> to.gateway()
                        .connect(new ConnectRequest(operation, Principal.DEVELOPMENT, ReaderKind.CONNECTION))
                        .whenComplete((opened, e) -> mine.push(() -> connected(mine, to, opened))));
        simulation.after(PATIENCE_MS, () -> {
            if (id.isEmpty() && link == mine) {
                mine.cut();
                over = true;
            }
        });
    }

    private void connected(Link mine, CoreGateway to, @Nullable Opened<Answer.Connected> opened) {
        if (opened == null) {
            over = true;
            return;
        }
        Answer.Connected answer = opened.answer();
        id = answer.session();
        token = answer.token();
        name = answer.privateGroup();
        places.goOnAt(answer.at());
        recorder = new SessionRecorder("s" + id, name);
        if (!membership) {
            recorder.declinesMembership();
        }
        run.born(this);
        serve(mine, to, opened.session());
    }

    /** What the edge does for a connection. */
    private void serve(Link mine, CoreGateway by, LocalSession served) {
        session = served;
        gateway = by;
        by.process().after(0, () -> {
            served.queue().onReadable(() -> drain(mine, served));
            served.onClose(code -> mine.push(() -> closed(mine, code)));
        });
    }

    private void drain(Link mine, LocalSession served) {
        List<SharedPush> taken = new ArrayList<>();
        while (served.queue().poll(10, Long.MAX_VALUE, taken) > 0) {
            // Until nothing is left.
        }
        taken.forEach(push -> mine.push(() -> receive(push)));
    }

    private void receive(SharedPush push) {
        CorePushes.Told told = CorePushes.told(push.push());
        if (!places.isNews(told.at())) {
            return;
        }
        if (recorder != null && told.event() != null) {
            recorder.add(told.event());
        }
    }

    private void closed(Link mine, CloseCode code) {
        if (code == CloseCode.SESSION_ENDED) {
            end(Ending.GONE);
        } else {
            broken(mine);
        }
    }

    private void broken(Link which) {
        boolean mine = which == link && session != null;
        which.cut();
        if (!mine || recorder == null) {
            return;
        }
        LocalSession lost = session;
        CoreGateway by = gateway;
        session = null;
        open.clear();
        recorder.add(new Event.Disconnected());
        if (by != null) {
            by.process().after(simulation.between(1, 300), () -> by.gateway().suspended(lost));
        }
        simulation.after(simulation.between(20, run.isCalm() ? 500 : 6000), this::resume);
    }

    private void resume() {
        if (over || session != null) {
            return;
        }
        CoreGateway to = run.readyGateway(CoreGateway.class);
        if (to == null) {
            simulation.after(AGAIN_MS, this::resume);
            return;
        }
        Link mine = newLink(to);
        List<At> told = places.told(simulation);
        SessionOperation.Resume operation = new SessionOperation.Resume(id, token, told);
        mine.request(
                to.process(),
                () -> to.gateway()
                        .resume(new ResumeRequest(operation, Principal.DEVELOPMENT, ReaderKind.CONNECTION))
                        .whenComplete((opened, e) -> mine.push(() -> resumed(mine, to, told, opened, e))));
        simulation.after(PATIENCE_MS, () -> {
            if (!over && session == null && link == mine) {
                mine.cut();
                resume();
            }
        });
    }

    private void resumed(
            Link mine, CoreGateway to, List<At> told, @Nullable Opened<Answer.Resumed> opened, @Nullable Throwable e) {
        if (opened == null) {
            if (codeOf(e) == ErrorCode.SESSION_ENDED) {
                end(Ending.GONE);
            } else {
                mine.cut();
                simulation.after(AGAIN_MS, this::resume);
            }
            return;
        }
        if (recorder != null) {
            recorder.add(new Event.Resumed(opened.answer().recovered()));
        }
        if (!opened.answer().recovered()) {
            if (!run.history().mayBeGone(told, told.size() == GroupsRun.DOMAINS)) {
                throw new AssertionError(name + " was not recovered, at " + places);
            }
            places.goOnAt(opened.answer().at());
        }
        serve(mine, to, opened.session());
        List.copyOf(pending.values()).forEach(this::again);
    }

    private static ErrorCode codeOf(@Nullable Throwable e) {
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        if (cause instanceof ConveneException refusal) {
            return refusal.code();
        }
        throw new AssertionError("no error of the product", cause);
    }

    private void end(Ending ending) {
        over = true;
        session = null;
        link.cut();
        if (recorder != null) {
            recorder.ends(ending);
        }
    }

    @Override
    public void act() {
        if (over || session == null) {
            return;
        }
        if (simulation.chance(2)) {
            connectionBreaks();
        } else if (simulation.chance(1)) {
            LocalSession mine = session;
            CoreGateway by = gateway;
            if (by != null) {
                link.request(by.process(), () -> by.gateway().call(mine, new SessionOperation.Close()));
            }
            end(Ending.CUT);
        } else if (simulation.chance(5)) {
            confirm(session, gateway);
        } else if (open.size() < UNANSWERED_MAX) {
            ask(asking.anything("s" + id, record()));
        }
    }

    private void confirm(LocalSession mine, @Nullable CoreGateway by) {
        if (by != null) {
            SessionOperation.Seen seen = new SessionOperation.Seen(places.all());
            link.request(by.process(), () -> by.gateway().call(mine, seen));
        }
    }

    private SessionRecorder record() {
        return Objects.requireNonNull(recorder, "a session that is served has a record");
    }

    /** Joins together with others. */
    void joins(String group) {
        if (!over && session != null && open.size() < UNANSWERED_MAX) {
            ask(asking.join(group));
        }
    }

    /** The number of its session, -1 while it has none. */
    long number() {
        return id.isEmpty() ? -1 : SessionIds.parse(id);
    }

    @Override
    public void connectionBreaks() {
        broken(link);
    }

    private void ask(Asked one) {
        if (one.number > 0) {
            repeating.asked(one);
            pending.put(one.number, one);
        }
        send(one);
    }

    private void again(Asked one) {
        if (!numbers || repeating.isAllowed(one)) {
            send(one);
        } else {
            pending.remove(one.number);
        }
    }

    private void send(Asked one) {
        LocalSession served = session;
        CoreGateway by = gateway;
        if (served == null || by == null) {
            return;
        }
        long ticket = nextTicket++;
        open.add(ticket);
        one.asked++;
        Link mine = link;
        mine.request(
                by.process(),
                () -> by.gateway()
                        .call(served, one.operation)
                        .whenComplete((answer, e) -> mine.push(() -> {
                            open.remove(ticket);
                            answered(one, answer, e);
                        })));
    }

    private void answered(Asked one, @Nullable Answer answer, @Nullable Throwable e) {
        if (answer == null) {
            failed(one, codeOf(e));
            return;
        }
        pending.remove(one.number);
        At at = answer instanceof Answer.Accepted accepted ? accepted.at() : null;
        if (recorder != null && one.messageId != null && at != null) {
            recorder.acknowledged(one.messageId, List.of(CorePushes.place(at, at.position())));
        }
    }

    private void failed(Asked one, ErrorCode code) {
        if (code == ErrorCode.SESSION_ENDED) {
            return;
        }
        boolean moved = code == ErrorCode.STALE_EPOCH || code == ErrorCode.NOT_CONNECTED;
        // It was not done before a later one was, and will not be.
        boolean overtaken = code == ErrorCode.REQUEST_FORGOTTEN && one.asked > 1;
        if (!code.isTemporary() && !moved && !overtaken) {
            throw new AssertionError(name + " asked for " + one.operation + " and got " + code);
        }
        if (overtaken || code.happened() == ErrorCode.Happened.NO && !moved) {
            pending.remove(one.number);
        } else if (pending.containsKey(one.number)) {
            simulation.after(AGAIN_MS, () -> {
                if (session != null && pending.containsKey(one.number)) {
                    again(one);
                }
            });
        }
    }

    @Override
    public String unrest() {
        boolean rests = over || session != null && open.isEmpty() && pending.isEmpty() && link.isEmpty();
        return rests
                ? ""
                : (name.isEmpty() ? wanted : name) + " with " + open + " and " + pending.keySet() + " asked, ";
    }

    @Override
    public @Nullable SessionHistory history() {
        if (recorder == null) {
            return null;
        }
        if (!over) {
            recorder.ends(Ending.DRAINED);
        }
        return recorder.toHistory();
    }
}
