package dev.convene.testkit.reference;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Request;
import dev.convene.runtime.ShardContext;

/** A lock as bytes. Sessions are there before their locks; timers keep their ids. */
final class LockSnapshot {
    private LockSnapshot() {}

    static void write(Lock lock, Encoder out) {
        Lock.Holder holder = lock.holder();
        out.varlong(lock.id()).string(lock.name()).flag(holder != null);
        if (holder != null) {
            out.varlong(holder.session().id());
            writePosition(holder.grant(), out);
            out.varlong(holder.leaseTimer());
        }
        out.varint(lock.waiterCount());
        for (Lock.Waiter waiter : lock.waiters()) {
            Origin origin = waiter.request().origin();
            if (origin == null) {
                throw new IllegalStateException("who waits was asked for by nobody");
            }
            out.varlong(waiter.id());
            writePosition(waiter.request().position(), out);
            origin.write(out);
            out.varlong(waiter.leaseMs()).varlong(waiter.waitTimer());
        }
    }

    static Lock read(ShardContext context, Decoder in) {
        Lock lock = new Lock(in.varlong(), in.string());
        if (in.flag()) {
            Attachment session = session(context, in.varlong());
            lock.holder(new Lock.Holder(session, readPosition(in), in.varlong()));
        }
        int waiters = in.count(12);
        for (int i = 0; i < waiters; i++) {
            long id = in.varlong();
            Position position = readPosition(in);
            Origin origin = Origin.read(in);
            Attachment session = session(context, origin.requester());
            Request request = new Request(position, origin, session);
            lock.add(new Lock.Waiter(id, request, session, in.varlong(), in.varlong()));
        }
        return lock;
    }

    private static Attachment session(ShardContext context, long id) {
        Attachment session = context.session(id);
        if (session == null) {
            throw new MalformedRecordException("a snapshot names session " + id + " that is not attached");
        }
        return session;
    }

    private static void writePosition(Position position, Encoder out) {
        out.varlong(position.offset()).varint(position.index());
    }

    private static Position readPosition(Decoder in) {
        return new Position(in.varlong(), in.varint());
    }
}
