package io.microservicekit.messaging.testkit.internal.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What clients did against the protocol. Guarded by the broker's lock. */
final class Violations {
    private final List<String> sentences = new ArrayList<>();

    void add(MemoryConsumer member, String sentence) {
        sentences.add(member + " " + sentence);
    }

    void notDelivered(MemoryConsumer member, Acknowledgement wrong) {
        add(
                member,
                "acknowledged " + wrong.assignment() + " up to tag " + wrong.upTo() + " and "
                        + Arrays.toString(wrong.alsoThese())
                        + ", some of which were acknowledged before or never delivered");
    }

    List<String> all() {
        return new ArrayList<>(sentences);
    }
}
