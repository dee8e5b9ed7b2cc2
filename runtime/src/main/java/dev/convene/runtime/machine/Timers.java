package dev.convene.runtime.machine;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.runtime.Timer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moments on one clock: a binary heap ordered by moment, then by id, with removal by id. Set, cancel and take cost
 * O(log n).
 */
final class Timers {
    private static final int NOT_IN_HEAP = -1;

    private static final class Node {
        final Timer timer;
        long momentMs;
        int place = NOT_IN_HEAP;

        Node(Timer timer, long momentMs) {
            this.timer = timer;
            this.momentMs = momentMs;
        }

        boolean isBefore(Node other) {
            return momentMs != other.momentMs ? momentMs < other.momentMs : timer.id() < other.timer.id();
        }
    }

    private final Map<Long, Node> nodes = new LinkedHashMap<>();
    private Node[] heap = new Node[16];
    private int size;
    /** Timers whose delay begins with the next tick; their moment holds the delay until then. */
    private final Map<Long, Node> unstamped = new LinkedHashMap<>();

    void setAt(Timer timer, long momentMs) {
        Node node = new Node(timer, momentMs);
        nodes.put(timer.id(), node);
        push(node);
    }

    void setAfterNextTick(Timer timer, long delayMs) {
        Node node = new Node(timer, delayMs);
        nodes.put(timer.id(), node);
        unstamped.put(timer.id(), node);
    }

    void cancel(long id) {
        Node node = nodes.remove(id);
        if (node == null) {
            return;
        }
        if (node.place == NOT_IN_HEAP) {
            unstamped.remove(id);
        } else {
            removeAt(node.place);
        }
    }

    /** The delays of the timers set since the last tick begin at {@code nowMs}. */
    void stamp(long nowMs) {
        for (Node node : unstamped.values()) {
            node.momentMs = saturatedAdd(nowMs, node.momentMs);
            push(node);
        }
        unstamped.clear();
    }

    boolean hasUnstamped() {
        return !unstamped.isEmpty();
    }

    /** The next moment, or {@link Long#MAX_VALUE}. */
    long nextMs() {
        return size == 0 ? Long.MAX_VALUE : heap[0].momentMs;
    }

    /** Takes the next timer that is due at {@code nowMs}, or null. */
    @Nullable Timer takeDue(long nowMs) {
        if (size == 0 || heap[0].momentMs > nowMs) {
            return null;
        }
        Timer timer = heap[0].timer;
        nodes.remove(timer.id());
        removeAt(0);
        return timer;
    }

    int count() {
        return nodes.size();
    }

    void write(Encoder out) {
        Node[] ordered = Arrays.copyOf(heap, size);
        Arrays.sort(ordered, (a, b) -> a == b ? 0 : a.isBefore(b) ? -1 : 1);
        out.varint(ordered.length);
        for (Node node : ordered) {
            writeNode(out, node);
        }
        out.varint(unstamped.size());
        for (Node node : unstamped.values()) {
            writeNode(out, node);
        }
    }

    void read(Decoder in) {
        int stamped = in.count(4);
        for (int i = 0; i < stamped; i++) {
            long moment = in.varlong();
            setAt(new Timer(in.varlong(), in.varint(), in.varlong()), moment);
        }
        int waiting = in.count(4);
        for (int i = 0; i < waiting; i++) {
            long delay = in.varlong();
            setAfterNextTick(new Timer(in.varlong(), in.varint(), in.varlong()), delay);
        }
    }

    private static void writeNode(Encoder out, Node node) {
        out.varlong(node.momentMs)
                .varlong(node.timer.id())
                .varint(node.timer.kind())
                .varlong(node.timer.key());
    }

    private void push(Node node) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, node);
    }

    private void removeAt(int place) {
        heap[place].place = NOT_IN_HEAP;
        Node last = heap[--size];
        heap[size] = null;
        if (place == size) {
            return;
        }
        if (place > 0 && last.isBefore(heap[(place - 1) / 2])) {
            siftUp(place, last);
        } else {
            siftDown(place, last);
        }
    }

    private void siftUp(int from, Node node) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / 2;
            if (!node.isBefore(heap[parent])) {
                break;
            }
            put(place, heap[parent]);
            place = parent;
        }
        put(place, node);
    }

    private void siftDown(int from, Node node) {
        int place = from;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(node)) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, node);
    }

    private void put(int place, Node node) {
        heap[place] = node;
        node.place = place;
    }

    private static long saturatedAdd(long a, long b) {
        long sum = a + b;
        return sum < 0 && a >= 0 && b >= 0 ? Long.MAX_VALUE : sum;
    }
}
