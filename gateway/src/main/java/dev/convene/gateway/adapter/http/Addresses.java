package dev.convene.gateway.adapter.http;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/** The addresses of routes and the methods of each. */
final class Addresses implements RouterFunctions.Visitor {
    private final Map<PathPattern, Set<HttpMethod>> methods = new LinkedHashMap<>();

    private Addresses() {}

    /** Those of all its routes. */
    static Addresses of(RouterFunction<?> routes) {
        Addresses addresses = new Addresses();
        routes.accept(addresses);
        return addresses;
    }

    /** The methods with which there is something at this path; empty if there is nothing. */
    Set<HttpMethod> methodsAt(PathContainer path) {
        Set<HttpMethod> all = new LinkedHashSet<>();
        methods.forEach((pattern, some) -> {
            if (pattern.matches(path)) {
                all.addAll(some);
            }
        });
        return all;
    }

    /** One route's predicate is a method and a path. */
    private final class MethodAndPath implements RequestPredicates.Visitor {
        private Set<HttpMethod> of = Set.of();
        private @Nullable String at;

        @Override
        public void method(Set<HttpMethod> methods) {
            of = methods;
        }

        @Override
        public void path(String pattern) {
            at = pattern;
        }

        private void end() {
            if (at != null) {
                methods.computeIfAbsent(PathPatternParser.defaultInstance.parse(at), _ -> new LinkedHashSet<>())
                        .addAll(of);
            }
        }

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public void pathExtension(String extension) {}

        @Override
        public void header(String name, String value) {}

        @Override
        public void queryParam(String name, String value) {}

        @Override
        public void version(String version) {}

        @Override
        public void startAnd() {}

        @Override
        public void and() {}

        @Override
        public void endAnd() {}

        @Override
        public void startOr() {}

        @Override
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void startNegate() {}

        @Override
        public void endNegate() {}

        @Override
        public void unknown(RequestPredicate predicate) {}
    }

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handlerFunction) {
        MethodAndPath one = new MethodAndPath();
        predicate.accept(one);
        one.end();
    }

    @Override
    public void startNested(RequestPredicate predicate) {}

    @Override
    public void endNested(RequestPredicate predicate) {}

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookupFunction) {}

    @Override
    public void attributes(Map<String, Object> attributes) {}

    @Override
    public void unknown(RouterFunction<?> routerFunction) {}
}
