package dev.convene.protocol.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values at random, the awkward ones more often than chance would give them. */
public final class RandomValues {
    private static final String[] TEXTS = {
        "",
        "$",
        "$int",
        "$map",
        "a",
        "été",
        "\u0000",
        "\"\\/\b\f\n\r\t",
        "\u2028",
        "\ud83d\ude00",
        "$bytes",
        "\u007f\u0080\uffff"
    };
    private static final long[] INTEGERS = {
        0, 1, -1, 23, 24, 255, 256, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32
    };
    private static final double[] DECIMALS = {
        0.0, -0.0, 1.0, 0.1, 1e300, -1e-300, Double.MIN_VALUE, Double.MAX_VALUE, 9007199254740992.0, 1e16, 0.5
    };

    private RandomValues() {}

    /** A plain value of at most this depth. */
    public static Value value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> Value.NULL;
            case 1 -> Value.Bool.of(random.nextBoolean());
            case 2 ->
                new Value.Int(random.nextBoolean() ? random.nextLong() : INTEGERS[random.nextInt(INTEGERS.length)]);
            case 3 -> new Value.Dec(decimal(random));
            case 4, 5 -> new Value.Str(text(random));
            case 6 -> new Value.Bytes(bytes(random));
            case 7 -> new Value.ListValue(values(random, depth - 1));
            case 8 -> new Value.MapValue(entries(random, depth - 1));
            default -> new Value.ErrorValue(List.of(text(random), text(random)), text(random), List.of(text(random)));
        };
    }

    private static double decimal(Random random) {
        double any = Double.longBitsToDouble(random.nextLong());
        return random.nextBoolean() && Double.isFinite(any) ? any : DECIMALS[random.nextInt(DECIMALS.length)];
    }

    private static List<Value> values(Random random, int depth) {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(value(random, depth));
        }
        return values;
    }

    private static Map<String, Value> entries(Random random, int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String text = text(random);
            entries.put(text.length() < 256 ? text : "long", value(random, depth));
        }
        return entries;
    }

    /** Text without lone surrogates. */
    public static String text(Random random) {
        if (random.nextInt(3) == 0) {
            return TEXTS[random.nextInt(TEXTS.length)];
        }
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(50) == 0 ? 3000 : random.nextInt(12);
        for (int i = 0; i < length; i++) {
            int point = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 'x' : point);
        }
        return text.toString();
    }

    /** A few bytes. */
    public static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 5000 : 20)];
        random.nextBytes(bytes);
        return bytes;
    }
}
