package io.microservicekit.messaging.core.internal;

import java.util.Arrays;

/** How many letters must be added, removed, replaced or swapped with their neighbour to make one word of another. */
final class EditDistance {
    private EditDistance() {}

    static int between(String one, String other) {
        int[] before = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        Arrays.setAll(last, i -> i);
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int changed = one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1;
                int least = Math.min(Math.min(last[column], current[column - 1]) + 1, last[column - 1] + changed);
                current[column] = swapped(one, row, other, column) ? Math.min(least, before[column - 2] + 1) : least;
            }
            before = last;
            last = current;
        }
        return last[other.length()];
    }

    private static boolean swapped(String one, int row, String other, int column) {
        return row > 1
                && column > 1
                && one.charAt(row - 1) == other.charAt(column - 2)
                && one.charAt(row - 2) == other.charAt(column - 1);
    }
}
