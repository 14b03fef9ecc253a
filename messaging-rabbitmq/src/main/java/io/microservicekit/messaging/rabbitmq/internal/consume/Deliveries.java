package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers what comes within one turn of the loop into one report: a hand-over costs more than a message. */
final class Deliveries {
    private final Loop loop;
    private final Consumer<List<ReceivedMessage>> report;
    private List<ReceivedMessage> batch = new ArrayList<>();
    private boolean open;
    private boolean dropped;
    private boolean scheduled;

    /** That waits until it is opened. */
    Deliveries(Loop loop, Consumer<List<ReceivedMessage>> report) {
        this.loop = loop;
        this.report = report;
    }

    void add(ReceivedMessage message) {
        batch.add(message);
        schedule();
    }

    /** From now on it reports. */
    void open() {
        open = true;
        schedule();
    }

    private void schedule() {
        if (open && !scheduled && !batch.isEmpty()) {
            scheduled = true;
            loop.execute(this::turn);
        }
    }

    private void turn() {
        scheduled = false;
        List<ReceivedMessage> messages = batch;
        batch = new ArrayList<>();
        if (!dropped && !messages.isEmpty()) {
            report.accept(messages);
        }
    }

    /** From now on it reports nothing. */
    void drop() {
        dropped = true;
        batch = new ArrayList<>();
    }
}
