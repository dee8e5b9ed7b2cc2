package dev.convene.systemtests.groups;

import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.client.TestSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What tests say of pushes. */
final class Pushes {
    private Pushes() {}

    static Push.View view(TestSession session) {
        Push push = session.next();
        if (push instanceof Push.View view) {
            return view;
        }
        throw new AssertionError("a view was expected, not " + push);
    }

    static Push.Message message(TestSession session) {
        Push push = session.next();
        if (push instanceof Push.Message message) {
            return message;
        }
        throw new AssertionError("a message was expected, not " + push);
    }

    /** Reads until a push fits, within bounds; what does not fit is passed over. */
    static Push until(TestSession session, Predicate<Push> fits) {
        for (int i = 0; i < 100_000; i++) {
            Push push = session.next();
            if (fits.test(push)) {
                return push;
            }
        }
        throw new AssertionError("100,000 pushes and none fits");
    }

    static Push.View untilView(TestSession session, Predicate<Push.View> fits) {
        return (Push.View) until(session, push -> push instanceof Push.View view && fits.test(view));
    }

    /** The text bodies of the next messages, passing over everything else. */
    static List<String> texts(TestSession session, int count) {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            if (session.next() instanceof Push.Message message) {
                texts.add(text(message.body()));
            }
        }
        return texts;
    }

    static List<String> texts(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(push -> text(((Push.Message) push).body()))
                .toList();
    }

    static List<Push.View> views(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.View.class::isInstance)
                .map(Push.View.class::cast)
                .toList();
    }

    static String text(Body body) {
        return new String(body.bytes(), StandardCharsets.UTF_8);
    }
}
