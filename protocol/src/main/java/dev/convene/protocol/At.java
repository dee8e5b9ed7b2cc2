package dev.convene.protocol;

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

    /** Parses the text form; refuses anything else with {@link ErrorCode#BAD_POSITION}. */
    public static At parse(String text, String field) {
        int last = text.lastIndexOf(':');
        int middle = last <= 0 ? -1 : text.lastIndexOf(':', last - 1);
        if (middle <= 0 || text.length() > Names.GROUP_NAME_MAX + 64) {
            throw bad(field);
        }
        String place = text.substring(last + 1);
        int dot = place.indexOf('.');
        try {
            long offset = parseNatural(dot < 0 ? place : place.substring(0, dot));
            long index = dot < 0 ? 0 : parseNatural(place.substring(dot + 1));
            if (index > Integer.MAX_VALUE) {
                throw bad(field);
            }
            return new At(
                    text.substring(0, middle), text.substring(middle + 1, last), new Position(offset, (int) index));
        } catch (NumberFormatException e) {
            throw bad(field);
        }
    }

    private static long parseNatural(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !Character.isDigit(digits.charAt(0))) {
            throw new NumberFormatException(digits);
        }
        return Long.parseLong(digits);
    }

    private static ConveneException bad(String field) {
        return new ConveneException(ErrorCode.BAD_POSITION, field, ErrorCode.BAD_POSITION.advice());
    }

    @Override
    public String toString() {
        return domain + ':' + epoch + ':' + position;
    }
}
