package dev.convene.gateway.adapter.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.group.GroupListener;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuietListenerTests {
    private final List<String> heard = new ArrayList<>();
    private final QuietListener listener = new QuietListener((GroupListener) Proxy.newProxyInstance(
            GroupListener.class.getClassLoader(), new Class<?>[] {GroupListener.class}, (proxy, method, arguments) -> {
                heard.add(method.getName());
                return null;
            }));

    @Test
    void passesEverythingOnUnlessItIsQuiet() throws Exception {
        List<Method> all = Arrays.stream(GroupListener.class.getMethods()).toList();

        listener.quiet(true);
        tellAll(all);
        assertThat(heard).isEmpty();

        listener.quiet(false);
        tellAll(all);
        assertThat(heard)
                .hasSizeGreaterThanOrEqualTo(7)
                .containsExactlyElementsOf(all.stream().map(Method::getName).toList());
    }

    private void tellAll(List<Method> methods) throws Exception {
        for (Method method : methods) {
            method.invoke(listener, new Object[method.getParameterCount()]);
        }
    }
}
