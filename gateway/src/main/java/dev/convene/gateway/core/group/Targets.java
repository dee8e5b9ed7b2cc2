package dev.convene.gateway.core.group;

import dev.convene.gateway.core.Access;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Names;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.GroupOperation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom a message names, and in which domains that is. Private targets go along with the ordinary ones if their sessions are
 * attached there, else to the default domain, where every session is. All names are of one tenant.
 *
 * @param all the names in the order given, none twice
 * @param ordinary the ordinary ones by domain
 * @param privates the private ones
 */
record Targets(List<String> all, Map<String, List<String>> ordinary, List<String> privates) {

    /** A record that has to be appended: its domain and its targets. */
    record Route(String domain, List<String> targets) {}

    /** Checks a message and sorts its targets. */
    static Targets of(GroupOperation.Multicast message, Access access, Limits limits) {
        if (message.groups().isEmpty()) {
            throw refusal(ErrorCode.NO_TARGET, "groups");
        }
        List<String> all = message.groups();
        if (all.size() > 1) {
            Set<String> once = new LinkedHashSet<>(all);
            all = once.size() == all.size() ? all : List.copyOf(once);
        }
        if (all.size() > limits.groupsPerMessageMax()) {
            throw refusal(ErrorCode.TOO_MANY_TARGETS, "groups");
        }
        if (message.body().size() > limits.messageBytesMax()) {
            throw refusal(ErrorCode.MESSAGE_TOO_LARGE, "body");
        }
        if (message.type() != (short) message.type()) {
            throw refusal(ErrorCode.ILLEGAL_MESSAGE_TYPE, "type");
        }
        Map<String, List<String>> ordinary = new LinkedHashMap<>();
        List<String> privates = new ArrayList<>(0);
        for (String name : all) {
            boolean isPrivate = Tenants.isPrivate(name);
            if (!(isPrivate ? Tenants.isPrivateGroup(name) : Tenants.isGroupName(name))) {
                throw refusal(ErrorCode.ILLEGAL_GROUP_NAME, "groups");
            }
            if (!access.allows(Access.Action.SEND, name)) {
                throw refusal(ErrorCode.FORBIDDEN, "groups");
            }
            if (isPrivate) {
                privates.add(name);
            } else {
                ordinary.computeIfAbsent(Names.domainOf(name), domain -> new ArrayList<>(1))
                        .add(name);
            }
        }
        return new Targets(all, ordinary, privates);
    }

    private static ConveneException refusal(ErrorCode code, String field) {
        return new ConveneException(code, "multicast." + field, code.advice());
    }

    /** Whether it has to be asked which private targets are attached in the ordinary targets' domain. */
    boolean needsLookUp() {
        return !privates.isEmpty() && !ordinary.isEmpty() && !ordinary.containsKey(home());
    }

    /** The domain of the ordinary targets named first. */
    String firstDomain() {
        return ordinary.isEmpty() ? home() : ordinary.keySet().iterator().next();
    }

    /** The default domain of their tenant, where every session of it is attached. */
    private String home() {
        return Tenants.defaultDomainOf(all.getFirst());
    }

    /**
     * The records to append; refuses an order above FIFO over several.
     *
     * @param along private targets that go along with the first domain, since they are attached there or nowhere
     */
    List<Route> routes(ServiceLevel level, List<String> along) {
        if (ordinary.size() <= 1 && along.size() == privates.size()) {
            return List.of(new Route(firstDomain(), all));
        }
        if (level.number() > ServiceLevel.FIFO.number()) {
            throw refusal(ErrorCode.ACROSS_DOMAINS, "groups");
        }
        Map<String, List<String>> byDomain = new LinkedHashMap<>(ordinary);
        for (String name : privates) {
            String domain = along.contains(name) ? firstDomain() : home();
            List<String> names = new ArrayList<>(byDomain.getOrDefault(domain, List.of()));
            names.add(name);
            byDomain.put(domain, names);
        }
        List<Route> routes = new ArrayList<>(byDomain.size());
        byDomain.forEach((domain, names) -> routes.add(new Route(domain, List.copyOf(names))));
        return routes;
    }

    /** The routes when no look-up is needed. */
    List<Route> routes(ServiceLevel level) {
        boolean isOfOne = ordinary.size() <= 1;
        return routes(level, isOfOne && Tenants.isDefaultDomain(firstDomain()) ? privates : List.of());
    }
}
