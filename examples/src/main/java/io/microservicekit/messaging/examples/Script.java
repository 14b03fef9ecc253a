package io.microservicekit.messaging.examples;

import java.time.Duration;
import java.util.List;

/** What the story is about: its orders, its names, and what the library promises for them. */
final class Script {
    static final String TOPIC = "orders";
    static final String DEAD_LETTERS = "orders-dlq";
    static final String GROUP = "order-service";
    /** Named as the dead-letter topic: on RabbitMQ a group is a queue, and dead letters are in the queue of that name. */
    static final String AUDIT_GROUP = DEAD_LETTERS;

    static final int PARTITIONS = 3;
    static final int RETRIES = 3;
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final List<Duration> WAITS = List.of(FIRST_WAIT, Duration.ofSeconds(2), Duration.ofSeconds(4));

    /** Fails twice, then succeeds. */
    static final Order BUSY = new Order("1002", "anna", "desk");
    /** Always fails. */
    static final Order NO_STOCK = new Order("1003", "carol", "chair");
    /** Is being handled when the client shuts down. */
    static final Order SLOW = new Order("1007", "alice", "piano");
    /** Comes right behind {@link #SLOW} in its partition. */
    static final Order BEHIND = new Order("1008", "alice", "stool");

    /** The keys of the three customers belong to three partitions. */
    static final List<Order> OPENING = List.of(
            new Order("1001", "alice", "lamp"),
            BUSY,
            NO_STOCK,
            new Order("1004", "alice", "rug"),
            new Order("1005", "anna", "shelf"),
            new Order("1006", "carol", "mirror"));
    /** One for each partition: whatever was delivered again in a partition would be handled before it. */
    static final List<Order> CLOSING = List.of(
            new Order("1009", "alice", "vase"),
            new Order("1010", "anna", "clock"),
            new Order("1011", "carol", "bench"));

    private Script() {}
}
