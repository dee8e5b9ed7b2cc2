package dev.convene.testkit.check.order;

import java.util.Arrays;
import java.util.List;

/**
 * No session gets a message twice, whatever its level, also over resumes and retries (G28, G53, G59). A message that
 * spans domains is a record in each and may come once through each.
 */
public final class AtMostOnce implements Checker {

    @Override
    public Violations check(History history) {
        HistoryIndex index = history.index();
        Violations.Collector found = new Violations.Collector();
        int[] gotBy = new int[index.copies.size()];
        int[] gotAt = new int[index.copies.size()];
        Arrays.fill(gotBy, -1);
        for (int s = 0; s < history.sessions().size(); s++) {
            List<Event> events = history.sessions().get(s).events();
            boolean resumed = false;
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof Event.Resumed) {
                    resumed = true;
                } else if (events.get(i) instanceof Event.Delivered delivered) {
                    int copy = index.item(s, i);
                    if (gotBy[copy] == s) {
                        found.add(new DeliveryViolation.DeliveredTwice(
                                contractCase(index.messageOf(copy).level(), resumed),
                                index.name(s),
                                i,
                                delivered.messageId(),
                                gotAt[copy]));
                    } else {
                        gotBy[copy] = s;
                        gotAt[copy] = i;
                    }
                }
            }
        }
        return found.violations();
    }

    private static String contractCase(Level level, boolean resumed) {
        if (!level.atLeast(Level.FIFO)) {
            return "G28";
        }
        return resumed ? "G59" : "G53";
    }
}
