package dev.convene.protocol.frame;

import dev.convene.protocol.Limits;
import java.util.List;

/** How the limits stand in the replies to connect and resume: one field per component, by its name. */
final class LimitsFormat {
    private static final List<String> NAMES = List.of(
            "frameBytesMax",
            "depthMax",
            "messageBytesMax",
            "groupNameMax",
            "sessionNameMax",
            "groupsPerMessageMax",
            "groupsPerSessionMax",
            "domainsPerSessionMax",
            "membersListedMax",
            "presenceBytesMax",
            "outstandingMax",
            "queuedBytesMax",
            "sessionsMax",
            "heartbeatMs",
            "silenceMs",
            "graceMs",
            "waitMsMax",
            "keyMax",
            "historyPageMax",
            "unacknowledgedMax",
            "framesPerSecondMax");

    private LimitsFormat() {}

    static void write(Limits limits, FieldWriter out) {
        out.open("limits");
        writeFields(limits, out);
        out.close();
    }

    static void writeFields(Limits limits, FieldWriter out) {
        long[] values = values(limits);
        for (int i = 0; i < values.length; i++) {
            out.integer(NAMES.get(i), values[i]);
        }
    }

    /** The limits at the present field; one that an older server does not name has its default. */
    static Limits read(FieldReader in) {
        in.enter();
        return readFields(in);
    }

    static Limits readFields(FieldReader in) {
        long[] values = values(Limits.DEFAULT);
        for (String field = in.next(); field != null; field = in.next()) {
            int i = NAMES.indexOf(field);
            if (i < 0) {
                in.skip();
            } else {
                values[i] = in.integer(0, field.equals("queuedBytesMax") ? ClientFrame.ID_MAX : Integer.MAX_VALUE);
            }
        }
        return of(values);
    }

    private static long[] values(Limits limits) {
        return new long[] {
            limits.frameBytesMax(),
            limits.depthMax(),
            limits.messageBytesMax(),
            limits.groupNameMax(),
            limits.sessionNameMax(),
            limits.groupsPerMessageMax(),
            limits.groupsPerSessionMax(),
            limits.domainsPerSessionMax(),
            limits.membersListedMax(),
            limits.presenceBytesMax(),
            limits.outstandingMax(),
            limits.queuedBytesMax(),
            limits.sessionsMax(),
            limits.heartbeatMs(),
            limits.silenceMs(),
            limits.graceMs(),
            limits.waitMsMax(),
            limits.keyMax(),
            limits.historyPageMax(),
            limits.unacknowledgedMax(),
            limits.framesPerSecondMax()
        };
    }

    private static Limits of(long[] v) {
        return new Limits(
                (int) v[0],
                (int) v[1],
                (int) v[2],
                (int) v[3],
                (int) v[4],
                (int) v[5],
                (int) v[6],
                (int) v[7],
                (int) v[8],
                (int) v[9],
                (int) v[10],
                v[11],
                (int) v[12],
                (int) v[13],
                (int) v[14],
                (int) v[15],
                (int) v[16],
                (int) v[17],
                (int) v[18],
                (int) v[19],
                (int) v[20]);
    }
}
