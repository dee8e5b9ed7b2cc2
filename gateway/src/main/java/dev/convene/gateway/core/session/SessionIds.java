package dev.convene.gateway.core.session;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;

/** Session ids as text: {@code s} and the number in base 36. */
public final class SessionIds {
    private static final int RADIX = 36;
    private static final int LENGTH_MAX = 14;

    private SessionIds() {}

    public static String toText(long id) {
        return "s" + Long.toString(id, RADIX);
    }

    /** The number of a session; refuses what is no id as a session that has ended, since no such session lives. */
    public static long parse(String text) {
        if (text.length() < 2 || text.length() > LENGTH_MAX || text.charAt(0) != 's' || !isDigits(text)) {
            throw new ConveneException(ErrorCode.SESSION_ENDED, "session", "this is no id of a session");
        }
        try {
            return Long.parseLong(text, 1, text.length(), RADIX);
        } catch (NumberFormatException e) {
            throw new ConveneException(ErrorCode.SESSION_ENDED, "session", "this is no id of a session");
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return true;
    }
}
