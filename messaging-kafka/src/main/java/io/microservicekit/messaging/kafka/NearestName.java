package io.microservicekit.messaging.kafka;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Guesses which name was meant by one that does not exist. */
final class NearestName {
    private static final int FURTHEST = 4;

    private NearestName() {}

    /** The name that is reached by the fewest changes of a letter, null when none is near. */
    static @Nullable String of(String name, Collection<String> known) {
        String nearest = null;
        int least = Math.min(FURTHEST, name.length() / 3 + 1) + 1;
        for (String each : known) {
            int distance = distance(name, each);
            if (distance < least) {
                least = distance;
                nearest = each;
            }
        }
        return nearest;
    }

    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            above = row(one.charAt(row - 1), other, above);
        }
        return above[other.length()];
    }

    private static int[] row(char letter, String other, int[] above) {
        int[] row = new int[above.length];
        row[0] = above[0] + 1;
        for (int column = 1; column < row.length; column++) {
            int changed = above[column - 1] + (letter == other.charAt(column - 1) ? 0 : 1);
            row[column] = Math.min(changed, Math.min(above[column], row[column - 1]) + 1);
        }
        return row;
    }
}
