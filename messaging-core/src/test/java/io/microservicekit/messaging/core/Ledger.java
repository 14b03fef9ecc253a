package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was sent, handled and dead-lettered in a random run, and the rules that hold at each handler event and at the end. Messages are numbered in
 * the order of their sending; the number is the value.
 */
final class Ledger {
    private final MemoryBroker broker;
    private final boolean manual;
    private final Order order;
    private final Map<Integer, List<Integer>> sent = new LinkedHashMap<>();
    private final Map<Integer, String> lanes = new LinkedHashMap<>();
    private final Map<Integer, Integer> handled = new LinkedHashMap<>();
    private final Set<Integer> committing = new LinkedHashSet<>();
    private final Set<String> running = new LinkedHashSet<>();
    private final List<AssertionError> broken = new ArrayList<>();
    private boolean disrupted;
    private boolean confirmsLost;

    Ledger(MemoryBroker broker, boolean manual, Order order) {
        this.broker = broker;
        this.manual = manual;
        this.order = order;
    }

    /**
     * What is promised.
     *
     * @param acrossMembers whether it holds across members too: by partitions, and by a queue with one consumer
     * @param concurrency how many handlers of a client run at once
     */
    record Order(OrderingMode mode, boolean acrossMembers, int concurrency) {
        /** What is handled one at a time. */
        String lane(int partition, @Nullable String key, int number) {
            return switch (mode) {
                case PARTITION -> "" + partition;
                case KEY -> partition + "/" + (key == null ? "#" + number : key);
                case UNORDERED -> "#" + number;
            };
        }
    }

    void sent(int number, int partition, @Nullable String key) {
        sent.computeIfAbsent(partition, p -> new ArrayList<>()).add(number);
        lanes.put(number, order.lane(partition, key, number));
    }

    /** From now on duplicates are in order. */
    void disrupted() {
        disrupted = true;
    }

    void confirmsLost() {
        confirmsLost = true;
    }

    int running() {
        return running.size();
    }

    static int number(ReceivedMessage message) {
        return Integer.parseInt(String.valueOf(message.valueText()));
    }

    private String lane(String client, ReceivedMessage message) {
        return client + "/" + lane(message);
    }

    private String lane(ReceivedMessage message) {
        return order.lane(message.position().partition(), message.keyText(), number(message));
    }

    /** Keeps what fails until the end: thrown in a handler it would only be a failed attempt. */
    private void checked(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            broken.add(e);
        }
    }

    void started(String client, ReceivedMessage message, boolean paused) {
        checked(() -> assertThat(paused)
                .as("%s started while %s was paused", message, client)
                .isFalse());
        checked(() -> checkStart(client, message));
        checked(this::checkCommitted);
    }

    private void checkStart(String client, ReceivedMessage message) {
        assertThat(running.add(lane(client, message)))
                .as("a second handler runs beside one of the same lane: %s of %s", message, client)
                .isTrue();
        assertThat(running.stream().filter(lane -> lane.startsWith(client + "/")))
                .as("handlers of %s at once", client)
                .hasSizeLessThanOrEqualTo(order.concurrency());
        if (order.acrossMembers()) {
            assertThat(unfinishedBefore(message))
                    .as("A4: %s started before these of its lane were handled or dead-lettered", message)
                    .isEmpty();
        }
    }

    /** Its user is about to commit it. */
    void committing(ReceivedMessage message) {
        committing.add(number(message));
    }

    void succeeded(ReceivedMessage message) {
        handled.merge(number(message), 1, Integer::sum);
    }

    void ended(String client, ReceivedMessage message) {
        running.remove(lane(client, message));
        checked(this::checkCommitted);
    }

    void crashed(String client) {
        running.removeIf(lane -> lane.startsWith(client + "/"));
    }

    private Set<Integer> deadLettered() {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (StoredMessage stored : broker.messages(SimWorld.DEAD)) {
            numbers.add(Integer.parseInt(String.valueOf(stored.message().valueText())));
        }
        return numbers;
    }

    private List<Integer> unfinishedBefore(ReceivedMessage message) {
        List<Integer> all = sent.getOrDefault(message.position().partition(), List.of());
        int index = all.indexOf(number(message));
        List<Integer> before = new ArrayList<>(all.subList(0, Math.max(0, index)));
        before.removeIf(number -> !lane(message).equals(lanes.get(number)));
        before.removeAll(handled.keySet());
        before.removeAll(committing);
        before.removeAll(deadLettered());
        return before;
    }

    /** Whether one of the same partition that was sent later has been handled. */
    boolean laterHandled(ReceivedMessage message) {
        List<Integer> all = sent.getOrDefault(message.position().partition(), List.of());
        return all.subList(all.indexOf(number(message)) + 1, all.size()).stream()
                .anyMatch(handled::containsKey);
    }

    /** A6: what is committed is finished. */
    void checkCommitted() {
        Set<Integer> dead = deadLettered();
        sent.forEach((partition, numbers) -> {
            long committed =
                    broker.committed(SimWorld.GROUP, SimWorld.TOPIC, partition).orElse(0);
            for (int number : numbers.subList(0, (int) Math.min(committed, numbers.size()))) {
                boolean finished = manual ? committing.contains(number) : handled.containsKey(number);
                assertThat(finished || dead.contains(number))
                        .as(
                                "A6: %s of partition %s is committed but neither finished nor dead-lettered",
                                number, partition)
                        .isTrue();
            }
        });
    }

    void checkEnd() {
        if (!broken.isEmpty()) {
            throw broken.get(0);
        }
        checkCommitted();
        Set<Integer> dead = deadLettered();
        List<Integer> lost = new ArrayList<>();
        sent.values().forEach(lost::addAll);
        List<Integer> invented = new ArrayList<>(handled.keySet());
        invented.removeAll(lost);
        lost.removeAll(handled.keySet());
        lost.removeAll(committing);
        lost.removeAll(dead);
        assertThat(lost).as("A1: neither handled nor dead-lettered").isEmpty();
        assertThat(invented).as("A2: handled but never sent").isEmpty();
        assertThat(broker.lag(SimWorld.GROUP)).as("A7: lag").isZero();
        assertThat(broker.violations()).isEmpty();
        assertThat(broker.losses()).isEmpty();
        if (!disrupted) {
            checkDuplicates(dead);
        }
    }

    private void checkDuplicates(Set<Integer> dead) {
        assertThat(handled.values()).as("A5: handled how often, undisturbed").allMatch(times -> times == 1);
        if (!confirmsLost) {
            assertThat(broker.messages(SimWorld.DEAD))
                    .as("A5: dead letters, undisturbed")
                    .hasSize(dead.size());
            assertThat(dead).as("A5: both handled and dead-lettered").doesNotContainAnyElementsOf(handled.keySet());
        }
    }
}
