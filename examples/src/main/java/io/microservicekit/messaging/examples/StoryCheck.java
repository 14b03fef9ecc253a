package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MetricsSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds what happened against what the library promises. */
final class StoryCheck {
    /** Waits are never shorter than promised; a busy machine may make them longer by this. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    private final Facts facts;
    private final Narrator narrator;
    private final List<String> broken = new ArrayList<>();

    StoryCheck(Facts facts, Narrator narrator) {
        this.facts = facts;
        this.narrator = narrator;
    }

    /** Which promises do not hold; empty when the story does. */
    List<String> broken() {
        narrator.title("Does the story hold?");
        sends();
        outcomes();
        retries();
        deadLetter();
        metrics();
        shutdown();
        successor();
        check("no surprise on the way", List.of(), facts.surprises);
        return broken;
    }

    private void sends() {
        List<Order> all = new ArrayList<>(Script.OPENING);
        all.addAll(List.of(Script.SLOW, Script.BEHIND));
        all.addAll(Script.CLOSING);
        check("every send was confirmed by the broker", all.size(), (int) facts.sent.values().stream()
                .filter(result -> result.confirmed() && result.offset() >= 0 == facts.partitions > 1)
                .count());
        check(
                "the customers' orders went to as many partitions as there are: " + facts.partitions,
                facts.partitions,
                new HashSet<>(Script.CLOSING.stream()
                                .map(order -> sent(order).partition())
                                .toList())
                        .size());
    }

    private void outcomes() {
        List<String> toHandle = new ArrayList<>(ids(Script.OPENING));
        toHandle.remove(Script.NO_STOCK.id());
        toHandle.add(Script.SLOW.id());
        check(
                "every order but " + Script.NO_STOCK.id() + " was handled, once",
                toHandle,
                facts.handled.stream().sorted().toList());
        check(
                "order " + Script.NO_STOCK.id() + " was dead-lettered, once",
                List.of(Script.NO_STOCK.id()),
                facts.deadLettered.stream()
                        .map(event -> Order.idOf(event.message()))
                        .toList());
        for (Order order : List.of(Script.BUSY, Script.NO_STOCK)) {
            check(
                    "the orders of " + order.customer() + " were finished in the order sent",
                    ids(ofCustomer(order.customer())),
                    finishedOf(order.customer()));
        }
    }

    private static List<Order> ofCustomer(String customer) {
        return Script.OPENING.stream()
                .filter(order -> order.customer().equals(customer))
                .toList();
    }

    /** By their last attempt: a dead letter is confirmed before the next order of its partition begins. */
    private List<String> finishedOf(String customer) {
        List<String> ids = ids(ofCustomer(customer));
        List<String> last = new ArrayList<>();
        for (Facts.Attempt attempt : facts.attempts) {
            if (ids.contains(attempt.order())) {
                last.remove(attempt.order());
                last.add(attempt.order());
            }
        }
        return last;
    }

    private void retries() {
        waits(Script.BUSY, 2);
        waits(Script.NO_STOCK, Script.RETRIES);
    }

    private void waits(Order order, int retries) {
        List<Duration> promised = Script.WAITS.subList(0, retries);
        check(
                "order " + order.id() + " was to be retried after " + spoken(promised),
                promised,
                facts.retries.stream()
                        .filter(event -> Order.idOf(event.message()).equals(order.id()))
                        .map(event -> event.delay())
                        .toList());
        List<Duration> waits = facts.waits(order);
        boolean inTime = waits.size() == retries;
        for (int i = 0; inTime && i < retries; i++) {
            Duration over = waits.get(i).minus(promised.get(i));
            inTime = !over.isNegative() && over.compareTo(TOLERANCE) <= 0;
        }
        check("and was: no wait was shorter, none longer by " + Narrator.seconds(TOLERANCE), inTime, spoken(waits));
    }

    private static String spoken(List<Duration> durations) {
        return String.join(", ", durations.stream().map(Narrator::seconds).toList());
    }

    private void deadLetter() {
        check("one dead letter was read back", 1, facts.deadLetters.size());
        if (facts.deadLetters.isEmpty()) {
            return;
        }
        Headers headers = facts.deadLetters.get(0).headers();
        SendResult source = sent(Script.NO_STOCK);
        check("its header", Script.TOPIC, headers, DeadLetterHeaders.ORIGINAL_TOPIC);
        check("its header", Integer.toString(source.partition()), headers, DeadLetterHeaders.ORIGINAL_PARTITION);
        check("its header", Long.toString(source.offset()), headers, DeadLetterHeaders.ORIGINAL_OFFSET);
        check("its header", Warehouse.NO_STOCK, headers, DeadLetterHeaders.ERROR_MESSAGE);
        check("its header", Script.GROUP, headers, DeadLetterHeaders.CONSUMER_GROUP);
    }

    private void check(String promise, String expected, Headers headers, String name) {
        check(promise + " " + name + " is right", expected, String.valueOf(headers.text(name)));
    }

    private void metrics() {
        MetricsSnapshot seen = Objects.requireNonNull(facts.metrics, "metrics");
        long orders = Script.OPENING.size();
        check("metrics: sent, dead letter included", orders + 1, seen.messagesSent());
        check("metrics: sent by topic", Map.of(Script.TOPIC, orders, Script.DEAD_LETTERS, 1L), seen.topicSent());
        check("metrics: consumed, the dead letter's reader included", orders, seen.messagesConsumed());
        check(
                "metrics: consumed by topic",
                Map.of(Script.TOPIC, orders - 1, Script.DEAD_LETTERS, 1L),
                seen.topicConsumed());
        check("metrics: retries", 2L + Script.RETRIES, seen.retryCount());
        check("metrics: dead letters", 1L, seen.dlqCount());
        check("metrics: messages that failed for good", 1L, seen.consumeErrors());
        check("metrics: failed sends", 0L, seen.sendErrors());
    }

    private void shutdown() {
        ShutdownReport report = Objects.requireNonNull(facts.report, "report");
        check("the shutdown drained the order in its handler", 1L, report.drained());
        check("the shutdown was clean", report.clean(), report.toString());
        check("no thread of the client survived", List.of(), facts.survivors);
    }

    private void successor() {
        List<String> expected = new ArrayList<>(List.of(Script.BEHIND.id()));
        expected.addAll(ids(Script.CLOSING));
        check(
                "the successor got what the first client had not begun, and nothing twice",
                expected,
                facts.handledBySuccessor.stream().sorted().toList());
    }

    private SendResult sent(Order order) {
        return Objects.requireNonNull(facts.sent.get(order.id()), "every order was sent");
    }

    private static List<String> ids(List<Order> orders) {
        return orders.stream().map(Order::id).toList();
    }

    private void check(String promise, Object expected, Object seen) {
        check(promise, expected.equals(seen), "expected " + expected + ", saw " + seen);
    }

    private void check(String promise, boolean holds, String detail) {
        String line = holds ? promise : promise + ": " + detail;
        narrator.verdict(holds, line);
        if (!holds) {
            broken.add(line);
        }
    }
}
