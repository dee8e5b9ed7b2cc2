package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The rules for names, in one place. A name is visible ASCII (0x21 to 0x7E) without {@code #} (it marks private groups)
 * and {@code ,} (it separates names in log headers).
 */
public final class Names {
    /** Longest session name, in characters; Spread's MAX_PRIVATE_NAME is 10, ours leaves room for host names. */
    public static final int SESSION_NAME_MAX = 32;
    /** Longest gateway name, in characters. */
    public static final int GATEWAY_NAME_MAX = 32;
    /** Longest group name, in characters, with its domain. */
    public static final int GROUP_NAME_MAX = 128;
    /** Longest private group name: both names and two {@code #}. */
    public static final int PRIVATE_NAME_MAX = SESSION_NAME_MAX + GATEWAY_NAME_MAX + 2;
    /** Longest idempotency key, in characters. */
    public static final int KEY_MAX = 64;
    /** The domain of a plain name. */
    public static final String DEFAULT_DOMAIN = "default";

    private Names() {}

    /** Whether {@code name} is a legal session name. */
    public static boolean isSessionName(String name) {
        return isPlain(name, SESSION_NAME_MAX) && name.indexOf('/') < 0;
    }

    /** Whether {@code name} is a legal gateway name. */
    public static boolean isGatewayName(String name) {
        return isPlain(name, GATEWAY_NAME_MAX) && name.indexOf('/') < 0;
    }

    /** Whether {@code name} is a legal name of an ordinary group: neither part around the first slash is empty. */
    public static boolean isGroupName(String name) {
        int slash = name.indexOf('/');
        return isPlain(name, GROUP_NAME_MAX) && slash != 0 && slash != name.length() - 1;
    }

    /** Whether {@code name} has the form of a private group, {@code #session#gateway}. */
    public static boolean isPrivateGroup(String name) {
        if (name.length() < 4 || name.length() > PRIVATE_NAME_MAX || name.charAt(0) != '#') {
            return false;
        }
        int second = name.indexOf('#', 1);
        return second > 1 && isSessionName(name.substring(1, second)) && isGatewayName(name.substring(second + 1));
    }

    /** The private group of a session: {@code #session#gateway}. */
    public static String privateGroup(String session, String gateway) {
        return "#" + session + "#" + gateway;
    }

    /**
     * The order domain of an ordinary group: what stands before the first slash, or {@link #DEFAULT_DOMAIN}. That of a
     * {@linkplain Tenants qualified} name is qualified, too.
     */
    public static String domainOf(String group) {
        int slash = group.indexOf('/');
        return slash < 0 ? Tenants.defaultDomainOf(group) : group.substring(0, slash);
    }

    /** The name itself if it is a legal ordinary group name, else a refusal that names {@code field}. */
    public static String requireGroupName(@Nullable String name, String field) {
        if (name != null && !name.isEmpty() && name.charAt(0) == '#') {
            throw new ConveneException(ErrorCode.PRIVATE_GROUP, field, ErrorCode.PRIVATE_GROUP.advice());
        }
        if (name == null || !isGroupName(name)) {
            throw new ConveneException(ErrorCode.ILLEGAL_GROUP_NAME, field, ErrorCode.ILLEGAL_GROUP_NAME.advice());
        }
        return name;
    }

    /** The idempotency key itself if it is 1 to {@link #KEY_MAX} visible ASCII characters, else a refusal. */
    public static String requireKey(String key, String field) {
        if (!isVisible(key, KEY_MAX)) {
            throw new ConveneException(
                    ErrorCode.BAD_FIELD, field, field + " is 1 to " + KEY_MAX + " visible ASCII characters");
        }
        return key;
    }

    /** Whether {@code text} is 1 to {@code lengthMax} visible ASCII characters, without spaces. */
    public static boolean isVisible(String text, int lengthMax) {
        return !text.isEmpty() && text.length() <= lengthMax && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static boolean isPlain(String name, int lengthMax) {
        int length = name.length();
        if (length == 0 || length > lengthMax) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~' || c == '#' || c == ',') {
                return false;
            }
        }
        return true;
    }
}
