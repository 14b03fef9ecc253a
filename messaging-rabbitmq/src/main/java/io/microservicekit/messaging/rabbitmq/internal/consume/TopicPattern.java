package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.Arrays;
import java.util.List;

/** A topic in which {@code *} stands for one word and {@code #} for any number of them. Immutable. */
final class TopicPattern {
    private final List<String> parts;

    TopicPattern(String pattern) {
        this.parts = words(pattern);
    }

    private static List<String> words(String topic) {
        return Arrays.asList(topic.split("\\.", -1));
    }

    /** In as many steps as pattern and topic have words, multiplied: both come from outside. */
    boolean matches(String topic) {
        List<String> words = words(topic);
        boolean[] reached = new boolean[words.size() + 1];
        reached[0] = true;
        for (String part : parts) {
            reached = after(part, reached, words);
        }
        return reached[words.size()];
    }

    /** How many words can have been matched after one more part, by how many it can have been before. */
    private static boolean[] after(String part, boolean[] before, List<String> words) {
        boolean any = part.equals("#");
        boolean[] after = new boolean[before.length];
        after[0] = any && before[0];
        for (int i = 1; i < after.length; i++) {
            after[i] = any
                    ? before[i] || after[i - 1]
                    : before[i - 1] && (part.equals("*") || part.equals(words.get(i - 1)));
        }
        return after;
    }
}
