package dev.convene.gateway.adapter.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are looked at at all, by their {@code Host} and {@code Origin}. A page of another site can make a browser
 * send requests to this machine, under another site's name (DNS rebinding) or its own (cross-site requests); a program that
 * is no browser sends no {@code Origin}. Immutable.
 */
public final class RequestGuard {
    /** Names of this machine as itself. */
    public static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Set<String> hosts;
    private final Set<String> origins;

    /**
     * @param hosts names that a request may be sent to, without port; empty for all
     * @param origins origins of pages that may send requests, such as {@code https://chess.example}
     */
    public RequestGuard(Set<String> hosts, Set<String> origins) {
        this.hosts = Set.copyOf(hosts);
        this.origins = Set.copyOf(origins);
    }

    /** Why a request with these headers is refused, or null if it is not. */
    @Nullable String refusal(String target, List<String> hostHeaders, List<String> originHeaders) {
        if (hostHeaders.size() != 1 || originHeaders.size() > 1) {
            return "send one Host and at most one Origin";
        }
        String host = hostHeaders.getFirst().toLowerCase(Locale.ROOT);
        String named = authority(target);
        if (named != null && !named.equals(host)) {
            return "the request's target names another host than its Host";
        }
        if (!hosts.isEmpty() && !hosts.contains(name(host))) {
            return "this gateway does not serve this host; in development only 127.0.0.1, localhost and [::1]";
        }
        if (originHeaders.isEmpty()) {
            return null;
        }
        String origin = originHeaders.getFirst().toLowerCase(Locale.ROOT);
        // A page that this gateway itself has served; the host was checked above.
        boolean own = !hosts.isEmpty() && (origin.equals("http://" + host) || origin.equals("https://" + host));
        return own || origins.contains(origin) ? null : "this origin is not on the gateway's list of allowed origins";
    }

    /** The host and port of a target in absolute form, as for a proxy; null for one that is a path. */
    private static @Nullable String authority(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return null;
        }
        int begin = scheme + 3;
        int end = begin;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return target.substring(begin, end).toLowerCase(Locale.ROOT);
    }

    /** The host without its port; what is no host and port is left as it is, and is on no list. */
    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        if (colon < 0 || host.endsWith("]")) {
            return host;
        }
        for (int i = colon + 1; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return host;
            }
        }
        return host.substring(0, colon);
    }
}
