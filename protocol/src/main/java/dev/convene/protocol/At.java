package dev.convene.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A position as clients see it: the domain, the epoch of the log that it belongs to and the position there, written
 * {@code domain:epoch:offset} or {@code domain:epoch:offset.index}. Opaque to clients, except that they may read the
 * domain (all before the last two colons) to keep the newest one per domain.
 *
 * @param domain the order domain
 * @param epoch the log epoch; letters, digits, {@code -} and {@code _}
 * @param position the place in the log
 */
public record At(String domain, String epoch, Position position) {

    /** Longest text form, in characters. */
    public static final int TEXT_MAX = Names.GROUP_NAME_MAX + 64;

    /** The position of this tenant's domain of that name. */
    public At of(String tenant) {
        return tenant.equals(Tenants.DEFAULT) ? this : new At(Tenants.qualify(tenant, domain), epoch, position);
    }

    /** The same as its tenant's clients see it. */
    public At bare() {
        return Tenants.isQualified(domain) ? new At(Tenants.strip(domain), epoch, position) : this;
    }

    /**
     * Parses the text form; refuses anything else with {@link ErrorCode#BAD_POSITION}, a {@linkplain Tenants qualified}
     * domain among it.
     */
    public static At parse(String text, String field) {
        int last = text.lastIndexOf(':');
        int middle = last <= 0 ? -1 : text.lastIndexOf(':', last - 1);
        if (middle <= 0
                || text.length() > TEXT_MAX
                || text.indexOf(Tenants.MARK) >= 0
                || !isEpoch(text, middle + 1, last)) {
            throw new ConveneException(ErrorCode.BAD_POSITION, field, ErrorCode.BAD_POSITION.advice());
        }
        Position position = Position.parse(text.substring(last + 1), field);
        return new At(text.substring(0, middle), text.substring(middle + 1, last), position);
    }

    /** Parses positions joined by commas, as in the ids of server-sent events; empty text is no position. */
    public static List<At> parseJoined(String text, String field) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(each -> parse(each, field))
                        .toList();
    }

    /** The positions joined by commas. */
    public static String join(List<At> positions) {
        return positions.stream().map(At::toString).collect(Collectors.joining(","));
    }

    private static boolean isEpoch(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!letterOrDigit && c != '-' && c != '_') {
                return false;
            }
        }
        return from < to;
    }

    @Override
    public String toString() {
        return domain + ':' + epoch + ':' + position;
    }
}
