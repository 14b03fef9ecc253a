package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A6: at each sample the committed offset has passed finished messages only, and it never goes back. */
final class CommitRule {
    private record Sampled(String group, TopicPartition place) {}

    private static final class Partition {
        private final List<MessageFacts> messages = new ArrayList<>();
        private int lowest;

        /** Moves to the lowest message that is not finished before the entry of this index. */
        long lowestUnfinished(int index) {
            while (lowest < messages.size() && messages.get(lowest).firstFinish() < index) {
                lowest++;
            }
            return lowest == messages.size() ? Long.MAX_VALUE : Order.PARTITION.rank(messages.get(lowest));
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Map<Sampled, Long> last = new HashMap<>();
    private final List<String> ahead = new ArrayList<>();
    private final List<String> back = new ArrayList<>();

    private CommitRule() {}

    static void check(Facts facts, Verdict verdict) {
        CommitRule rule = new CommitRule();
        for (MessageFacts message : facts.where(MessageFacts::acked)) {
            TopicPartition place = message.place();
            if (place != null) {
                rule.partitions
                        .computeIfAbsent(place, p -> new Partition())
                        .messages
                        .add(message);
            }
        }
        rule.partitions.values().forEach(p -> p.messages.sort(Comparator.comparingLong(Order.PARTITION::rank)));
        for (int i = 0; i < facts.entries().size(); i++) {
            rule.see(facts.entries().get(i).event(), i);
        }
        verdict.addAll(Rule.A6_COMMIT_SAFETY, "samples where the committed offset passed unfinished work", rule.ahead);
        verdict.addAll(Rule.A6_COMMIT_SAFETY, "samples where the committed offset went back", rule.back);
    }

    private void see(Event event, int index) {
        if (event instanceof Event.Committed sample) {
            sample(sample, index);
        } else if (event instanceof Event.Fault fault && fault.kind().equals(Event.Fault.OFFSET_RESET)) {
            last.clear();
        }
    }

    private void sample(Event.Committed sample, int index) {
        Partition partition = partitions.get(sample.place());
        long lowest = partition == null ? Long.MAX_VALUE : partition.lowestUnfinished(index);
        if (sample.offset() > lowest) {
            ahead.add(sample.place() + " committed " + sample.offset() + ", lowest unfinished " + lowest + " ("
                    + partition.messages.get(partition.lowest) + ")");
        }
        Long before = last.put(new Sampled(sample.group(), sample.place()), sample.offset());
        if (before != null && sample.offset() < before) {
            back.add(sample.group() + " " + sample.place() + " from " + before + " to " + sample.offset());
        }
    }
}
