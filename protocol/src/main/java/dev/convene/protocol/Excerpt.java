package dev.convene.protocol;

/** What of a client's own text goes back to it in an error: the beginning, in characters that every encoding can carry. */
public final class Excerpt {
    private static final String ELLIPSIS = "...";

    private Excerpt() {}

    /** At most {@code lengthMax} code points of the text; control characters and lone surrogates become question marks. */
    public static String of(String text, int lengthMax) {
        StringBuilder excerpt = new StringBuilder(Math.min(text.length(), lengthMax));
        int count = 0;
        for (int i = 0; i < text.length(); count++) {
            if (count == lengthMax) {
                return excerpt.append(ELLIPSIS).toString();
            }
            int point = text.codePointAt(i);
            boolean odd = Character.isISOControl(point)
                    || point <= Character.MAX_VALUE && Character.isSurrogate((char) point);
            excerpt.appendCodePoint(odd ? '?' : point);
            i += Character.charCount(point);
        }
        return excerpt.toString();
    }
}
