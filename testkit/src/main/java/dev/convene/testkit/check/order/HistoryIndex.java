package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything in a history by number. For each event of each session {@link #item} has the number of what it is about: of
 * the message for a send, of the copy for a delivery, of the view instance for a view; {@link #NONE} otherwise.
 */
final class HistoryIndex {

    static final int NONE = -1;

    final List<SessionHistory> sessions;
    final Interner<String> domains = new Interner<>();
    final Interner<String> groups = new Interner<>();
    final List<Message> messages = new ArrayList<>();
    final List<Copy> copies = new ArrayList<>();
    final List<ViewInstance> views = new ArrayList<>();

    private final IntList domainOf = new IntList();
    private final int[][] items;
    private final BitSet[] restated;
    private final Interner<String> messageIds = new Interner<>();
    private final Interner<CopyKey> copyKeys = new Interner<>();
    private final Interner<ViewKey> viewKeys = new Interner<>();
    private final Map<String, List<Integer>> sessionsByMember = new HashMap<>();

    private record CopyKey(int message, int domain) {}

    private record ViewKey(int group, Position id) {}

    private HistoryIndex(List<SessionHistory> sessions) {
        this.sessions = sessions;
        this.items = new int[sessions.size()][];
        this.restated = new BitSet[sessions.size()];
    }

    static HistoryIndex of(List<SessionHistory> sessions) {
        HistoryIndex index = new HistoryIndex(sessions);
        for (int s = 0; s < sessions.size(); s++) {
            index.sessionsByMember
                    .computeIfAbsent(sessions.get(s).member(), member -> new ArrayList<>())
                    .add(s);
            index.addSession(s);
        }
        return index;
    }

    private void addSession(int s) {
        SessionHistory session = sessions.get(s);
        List<Event> events = session.events();
        int[] numbers = new int[events.size()];
        Arrays.fill(numbers, NONE);
        items[s] = numbers;
        restated[s] = new BitSet();
        boolean gap = false;
        Set<String> viewedSinceGap = new HashSet<>();
        for (int i = 0; i < numbers.length; i++) {
            switch (events.get(i)) {
                case Event.Sent sent -> numbers[i] = sent(s, i, sent);
                case Event.Delivered delivered -> numbers[i] = delivered(session, delivered);
                case Event.View view -> {
                    numbers[i] = view(session, view);
                    if (gap && viewedSinceGap.add(view.group())) {
                        restated[s].set(i);
                    }
                }
                case Event.SelfLeave leave -> {
                    if (leave.position() != null) {
                        domains.number(leave.position().domain());
                    }
                }
                case Event.Resumed resumed -> {
                    if (!resumed.recovered()) {
                        gap = true;
                        viewedSinceGap.clear();
                    }
                }
                case Event.Transitional transitional -> {}
                case Event.Disconnected disconnected -> {}
            }
        }
    }

    private int sent(int session, int at, Event.Sent sent) {
        int number = message(sent.messageId());
        Message message = messages.get(number);
        if (message.sent != null) {
            throw new IllegalArgumentException("message " + sent.messageId() + " was sent twice, by "
                    + name(message.senderSession) + " and by " + name(session)
                    + ": a history needs ids that are unique; a retry is not a second send");
        }
        message.senderSession = session;
        message.sentAt = at;
        message.sent = sent;
        for (Position position : sent.acknowledgedAt()) {
            Copy copy = copies.get(copy(number, position.domain()));
            copy.told(position, name(session));
            copy.acknowledged = true;
        }
        return number;
    }

    private int delivered(SessionHistory session, Event.Delivered delivered) {
        int number = message(delivered.messageId());
        messages.get(number).deliveredAs(delivered);
        int copyNumber = copy(number, delivered.domain());
        Copy copy = copies.get(copyNumber);
        copy.told(delivered.position(), session.session());
        copy.deliveredTo = session.session();
        return copyNumber;
    }

    private int view(SessionHistory session, Event.View view) {
        int group = groups.number(view.group());
        if (group == domainOf.size()) {
            domainOf.add(domains.number(view.id().domain()));
        }
        int number = viewKeys.number(new ViewKey(group, view.id()));
        if (number == views.size()) {
            views.add(new ViewInstance(number, group, domains.number(view.id().domain()), view, session.session()));
        }
        return number;
    }

    /** The targets of a copy that are groups of its domain and had views, each once. */
    int[] groupsOf(int copy) {
        int domain = copies.get(copy).domain;
        return messageOf(copy).targets().stream()
                .distinct()
                .mapToInt(groups::find)
                .filter(group -> group != Interner.UNKNOWN && domainOf.get(group) == domain)
                .toArray();
    }

    private int message(String id) {
        int number = messageIds.number(id);
        if (number == messages.size()) {
            messages.add(new Message(id));
        }
        return number;
    }

    private int copy(int message, String domain) {
        int domainNumber = domains.number(domain);
        int number = copyKeys.number(new CopyKey(message, domainNumber));
        if (number == copies.size()) {
            copies.add(new Copy(message, domainNumber));
        }
        return number;
    }

    int item(int session, int event) {
        return items[session][event];
    }

    /** Whether this view event is the first of its group after a gap, which only says what the session is in. */
    boolean isRestated(int session, int event) {
        return restated[session].get(event);
    }

    Message messageOf(int copy) {
        return messages.get(copies.get(copy).message);
    }

    /** The number of the message with this id, or {@link Interner#UNKNOWN}. */
    int findMessage(String id) {
        return messageIds.find(id);
    }

    /** The number of the copy of a message in a domain, or {@link Interner#UNKNOWN}. */
    int findCopy(int message, int domain) {
        return copyKeys.find(new CopyKey(message, domain));
    }

    /** The sessions that bore this member name, in the order of the history. */
    List<Integer> sessionsOf(String member) {
        return sessionsByMember.getOrDefault(member, List.of());
    }

    String name(int session) {
        return sessions.get(session).session();
    }
}
