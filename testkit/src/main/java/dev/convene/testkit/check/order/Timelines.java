package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The views of each group that anybody was told, merged by their ids, and what follows from them: from where to where
 * each name was a member.
 */
final class Timelines {

    /**
     * A stretch in which a name was a member.
     *
     * @param from  the view in which it appeared
     * @param until the view in which it had gone; null if it never went
     * @param end   how it went
     */
    record Presence(Position from, @Nullable Position until, End end) {

        /** Whether it was a member all the time between. */
        boolean isExact() {
            return end != End.UNSEEN;
        }

        boolean contains(Position position) {
            return position.domain().equals(from.domain())
                    && !position.isBefore(from)
                    && (until == null || position.isBefore(until));
        }
    }

    /** How a presence ends. */
    enum End {
        /** It did not, as far as anybody was told. */
        OPEN,
        /** A view said that the member left. */
        LEFT,
        /** A view said that the member was lost. */
        LOST,
        /** Later views are without it, but the view that removed it nobody was told. */
        UNSEEN
    }

    private record Key(int group, String member) {}

    private final Witnesses witnesses;
    private final List<List<ViewInstance>> views = new ArrayList<>();
    private final Map<Key, List<Presence>> presences = new HashMap<>();
    private final Map<String, List<Integer>> groupsOfMember = new HashMap<>();

    private Timelines(HistoryIndex index) {
        this.witnesses = new Witnesses(index);
        for (int g = 0; g < index.groups.size(); g++) {
            views.add(new ArrayList<>());
        }
    }

    static Timelines of(HistoryIndex index) {
        Timelines timelines = new Timelines(index);
        for (ViewInstance view : index.views) {
            timelines.views.get(view.group()).add(view);
        }
        for (int g = 0; g < timelines.views.size(); g++) {
            timelines.views.get(g).sort(Comparator.comparing(ViewInstance::id));
            timelines.replay(g);
        }
        return timelines;
    }

    /** The views of the span's group within the span, in their order. */
    List<ViewInstance> viewsIn(Spans.Span span) {
        List<ViewInstance> all = views.get(span.group());
        int from = firstNotBefore(all, span.from());
        Position until = span.until();
        return all.subList(from, until == null ? all.size() : Math.max(from, firstNotBefore(all, until)));
    }

    /** The id of the next view of the group, if somebody saw that there was none between; else null. */
    @Nullable Position endOfWitnessed(ViewInstance view) {
        List<ViewInstance> all = views.get(view.group());
        int next = firstNotBefore(all, view.id()) + 1;
        return next < all.size() && witnesses.sawStep(view, all.get(next))
                ? all.get(next).id()
                : null;
    }

    /** Whether this is the group's last view and somebody saw that none came after it. */
    boolean isWitnessedToTheEnd(ViewInstance view) {
        return views.get(view.group()).getLast().equals(view) && witnesses.sawNothingAfter(view);
    }

    private static int firstNotBefore(List<ViewInstance> views, Position position) {
        int low = 0;
        int high = views.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (views.get(middle).id().compareTo(position) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** When this name was a member of the group, in order. */
    List<Presence> presences(int group, String member) {
        return presences.getOrDefault(new Key(group, member), List.of());
    }

    /** The groups that this name was ever a member of. */
    List<Integer> groupsOf(String member) {
        return groupsOfMember.getOrDefault(member, List.of());
    }

    /** The stretch that contains this position; null if the name was no member there. */
    @Nullable Presence presenceAt(int group, String member, Position position) {
        for (Presence presence : presences(group, member)) {
            if (presence.contains(position)) {
                return presence;
            }
        }
        return null;
    }

    private void replay(int group) {
        Map<String, Position> since = new LinkedHashMap<>();
        for (ViewInstance instance : views.get(group)) {
            Event.View view = instance.view();
            if (view.reason() == Reason.JOIN) {
                view.changed().forEach(joiner -> leave(group, joiner, since, view.id(), End.UNSEEN));
            }
            switch (view.roster()) {
                case Roster.Listed listed -> {
                    List<String> gone = new ArrayList<>(since.keySet());
                    gone.removeAll(new HashSet<>(listed.members()));
                    gone.forEach(member -> leave(group, member, since, view.id(), end(view, member)));
                    listed.members().forEach(member -> since.putIfAbsent(member, view.id()));
                }
                case Roster.Counted counted -> {
                    switch (view.reason()) {
                        case JOIN -> view.changed().forEach(member -> since.putIfAbsent(member, view.id()));
                        case LEAVE, DISCONNECT ->
                            view.changed().forEach(member -> leave(group, member, since, view.id(), end(view, member)));
                        case NETWORK ->
                            List.copyOf(since.keySet())
                                    .forEach(member -> leave(group, member, since, view.id(), end(view, member)));
                    }
                }
            }
        }
        since.forEach((member, from) -> add(group, member, new Presence(from, null, End.OPEN)));
    }

    private static End end(Event.View view, String member) {
        return switch (view.reason()) {
            case JOIN -> End.UNSEEN;
            case LEAVE -> view.changed().contains(member) ? End.LEFT : End.UNSEEN;
            case DISCONNECT -> view.changed().contains(member) ? End.LOST : End.UNSEEN;
            case NETWORK -> End.LOST;
        };
    }

    private void leave(int group, String member, Map<String, Position> since, Position at, End end) {
        Position from = since.remove(member);
        if (from != null) {
            add(group, member, new Presence(from, at, end));
        }
    }

    private void add(int group, String member, Presence presence) {
        List<Presence> known = presences.computeIfAbsent(new Key(group, member), key -> new ArrayList<>());
        if (known.isEmpty()) {
            groupsOfMember.computeIfAbsent(member, name -> new ArrayList<>()).add(group);
        }
        known.add(presence);
    }
}
