package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The rules for qualified names, in one place. In the logs, and in everything that reads them, a name belongs to a tenant:
 * {@code tenant#name}, a private group {@code tenant##session#gateway}. Names of the tenant {@link #DEFAULT} are written
 * bare, so every name has one spelling. Clients see and give bare names only.
 *
 * <p>A bare name has its first {@code #} at its beginning (a private group) or none, a qualified one has it behind the
 * tenant. So none of these functions takes a bare name for a qualified one, and for the tenant {@link #DEFAULT} none of
 * them allocates anything.
 */
public final class Tenants {
    /** The tenant of bare names, and the only one in development. */
    public static final String DEFAULT = "default";
    /** Longest tenant name, in characters. */
    public static final int NAME_MAX = 32;
    /** Longest idempotency key with its tenant, in characters. */
    public static final int KEY_MAX = NAME_MAX + 1 + Names.KEY_MAX;
    /** Stands between a tenant and a name. */
    static final char MARK = '#';
    /** Stands between a tenant and an idempotency key, which may have every visible character. */
    private static final char KEY_MARK = ' ';

    private Tenants() {}

    /** Whether {@code name} may name a tenant: lower-case letters, digits and {@code -}, a letter first. */
    public static boolean isTenantName(String name) {
        return isTenantName(name, name.length());
    }

    private static boolean isTenantName(String name, int length) {
        if (length == 0 || length > NAME_MAX || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** The name of this tenant that clients know as {@code name}: a group, a private group, a session, a domain. */
    public static String qualify(String tenant, String name) {
        return tenant.equals(DEFAULT) ? name : tenant + MARK + name;
    }

    /** Whether the name is one of another tenant than {@link #DEFAULT}. */
    public static boolean isQualified(String name) {
        return name.indexOf(MARK) > 0;
    }

    /** The tenant to which a name belongs. */
    public static String tenantOf(String name) {
        int mark = name.indexOf(MARK);
        return mark <= 0 ? DEFAULT : name.substring(0, mark);
    }

    /** The name as its tenant's clients know it. */
    public static String strip(String name) {
        int mark = name.indexOf(MARK);
        return mark <= 0 ? name : name.substring(mark + 1);
    }

    /** Whether both names belong to one tenant. */
    public static boolean areOfOne(String name, String other) {
        int mark = Math.max(0, name.indexOf(MARK));
        return mark == Math.max(0, other.indexOf(MARK)) && name.regionMatches(0, other, 0, mark);
    }

    /** Whether the name is meant for a private group, legal or not. */
    public static boolean isPrivate(String name) {
        return isMark(name, name.indexOf(MARK) <= 0 ? 0 : name.indexOf(MARK) + 1);
    }

    private static boolean isMark(String name, int at) {
        return at < name.length() && name.charAt(at) == MARK;
    }

    /** Whether this is a legal name of an ordinary group of some tenant. */
    public static boolean isGroupName(String name) {
        return isTenantLegal(name) && Names.isGroupName(strip(name));
    }

    /** Whether this is a legal name of a private group of some tenant. */
    public static boolean isPrivateGroup(String name) {
        return isTenantLegal(name) && Names.isPrivateGroup(strip(name));
    }

    /** Whether this is a legal name of a session of some tenant. */
    public static boolean isSessionName(String name) {
        return isTenantLegal(name) && Names.isSessionName(strip(name));
    }

    /** Whether this may be a domain of some tenant: what may stand before the slash of a group's name. */
    public static boolean isDomainName(String name) {
        return isGroupName(name) && name.indexOf('/') < 0;
    }

    /** The tenant {@link #DEFAULT} is never written. */
    private static boolean isTenantLegal(String name) {
        int mark = name.indexOf(MARK);
        boolean isDefault = mark == DEFAULT.length() && name.startsWith(DEFAULT);
        return mark <= 0 || isTenantName(name, mark) && !isDefault;
    }

    /** The name itself if it is a legal ordinary group name of some tenant, else a refusal that names {@code field}. */
    public static String requireGroupName(@Nullable String name, String field) {
        return name != null && isGroupName(name)
                ? name
                : Names.requireGroupName(name == null ? null : strip(name), field);
    }

    /** The private group of a session of this qualified name: {@code tenant##session#gateway}. */
    public static String privateGroup(String session, String gateway) {
        return qualify(tenantOf(session), Names.privateGroup(strip(session), gateway));
    }

    /** The domain of plain names of the tenant to which this name belongs. */
    public static String defaultDomainOf(String name) {
        int mark = name.indexOf(MARK);
        return mark <= 0 ? Names.DEFAULT_DOMAIN : name.substring(0, mark + 1) + Names.DEFAULT_DOMAIN;
    }

    /** Whether this is the domain of plain names of some tenant. */
    public static boolean isDefaultDomain(String domain) {
        int length = domain.length() - Names.DEFAULT_DOMAIN.length();
        return domain.endsWith(Names.DEFAULT_DOMAIN) && (length == 0 || domain.indexOf(MARK) == length - 1);
    }

    /** An idempotency key of this tenant; those of different tenants never meet, whatever characters they have. */
    public static String qualifyKey(String tenant, String key) {
        return tenant.equals(DEFAULT) ? key : tenant + KEY_MARK + key;
    }
}
