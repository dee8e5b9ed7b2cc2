package dev.convene.testkit.check.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Who saw what directly before what, as a directed graph; there is one order that everybody saw exactly if it has no
 * cycle. Found by removing what has no predecessor (Kahn 1962), in time linear in the number of edges.
 */
final class Precedence {

    private static final int NO_EDGE = -1;

    private final int nodes;
    private int[] edges = new int[5 * 1024];
    private int size;

    /** One receiver saw {@code from} as its event {@code fromIndex} and next {@code to} as its event {@code toIndex}. */
    record Edge(int from, int to, int receiver, int fromIndex, int toIndex) {}

    /** @param nodes how many things there are, numbered from 0 */
    Precedence(int nodes) {
        this.nodes = nodes;
    }

    void add(int from, int to, int receiver, int fromIndex, int toIndex) {
        if (size + 5 > edges.length) {
            edges = Arrays.copyOf(edges, Math.multiplyExact(edges.length, 2));
        }
        edges[size++] = from;
        edges[size++] = to;
        edges[size++] = receiver;
        edges[size++] = fromIndex;
        edges[size++] = toIndex;
    }

    /** A cycle, in which what one receiver saw in a row is one edge; empty if there is none. */
    List<Edge> cycle() {
        boolean[] removed = removeAcyclic();
        int[] into = new int[nodes];
        Arrays.fill(into, NO_EDGE);
        int start = -1;
        for (int e = 0; e < size; e += 5) {
            if (!removed[edges[e]] && !removed[edges[e + 1]]) {
                into[edges[e + 1]] = e;
                start = edges[e + 1];
            }
        }
        return start < 0 ? List.of() : compressed(walkBack(start, into));
    }

    /** Every node that is left has a predecessor that is left. */
    private boolean[] removeAcyclic() {
        int[] predecessors = new int[nodes];
        int[] first = new int[nodes + 1];
        for (int e = 0; e < size; e += 5) {
            predecessors[edges[e + 1]]++;
            first[edges[e] + 1]++;
        }
        for (int n = 0; n < nodes; n++) {
            first[n + 1] += first[n];
        }
        int[] successors = new int[size / 5];
        int[] next = Arrays.copyOf(first, nodes);
        for (int e = 0; e < size; e += 5) {
            successors[next[edges[e]]++] = edges[e + 1];
        }
        boolean[] removed = new boolean[nodes];
        ArrayDeque<Integer> free = new ArrayDeque<>();
        for (int n = 0; n < nodes; n++) {
            if (predecessors[n] == 0) {
                free.add(n);
            }
        }
        while (!free.isEmpty()) {
            int node = free.remove();
            removed[node] = true;
            for (int i = first[node]; i < first[node + 1]; i++) {
                if (--predecessors[successors[i]] == 0) {
                    free.add(successors[i]);
                }
            }
        }
        return removed;
    }

    private List<Edge> walkBack(int start, int[] into) {
        boolean[] seen = new boolean[nodes];
        int node = start;
        while (!seen[node]) {
            seen[node] = true;
            node = edges[into[node]];
        }
        List<Edge> cycle = new ArrayList<>();
        int end = node;
        do {
            int e = into[node];
            cycle.add(new Edge(edges[e], edges[e + 1], edges[e + 2], edges[e + 3], edges[e + 4]));
            node = edges[e];
        } while (node != end);
        Collections.reverse(cycle);
        return cycle;
    }

    /** Joins edges of one receiver that follow each other, so that the cycle names only the turning points. */
    private static List<Edge> compressed(List<Edge> cycle) {
        int turn = 0;
        while (turn < cycle.size() && continues(cycle.get((turn + cycle.size() - 1) % cycle.size()), cycle.get(turn))) {
            turn++;
        }
        Collections.rotate(cycle, -turn);
        List<Edge> steps = new ArrayList<>();
        for (Edge edge : cycle) {
            if (!steps.isEmpty() && continues(steps.getLast(), edge)) {
                Edge last = steps.removeLast();
                steps.add(new Edge(last.from(), edge.to(), edge.receiver(), last.fromIndex(), edge.toIndex()));
            } else {
                steps.add(edge);
            }
        }
        return steps;
    }

    private static boolean continues(Edge before, Edge after) {
        return before.receiver() == after.receiver() && before.toIndex() == after.fromIndex();
    }
}
