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
    private final Consumer<Throwable> whenFailed;
    private List<ReceivedMessage> batch = new ArrayList<>();
    private boolean open;
    private boolean dropped;
    private boolean scheduled;

    /**
     * That waits until it is opened.
     *
     * @param whenFailed told on the loop what kept a report from being made: its messages are lost, unless they come again
     */
    Deliveries(Loop loop, Consumer<List<ReceivedMessage>> report, Consumer<Throwable> whenFailed) {
        this.loop = loop;
        this.report = report;
        this.whenFailed = whenFailed;
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
        try {
            report();
        } catch (Throwable e) { // an Error too: their place in the window would be taken for ever
            whenFailed.accept(e);
        }
    }

    private void report() {
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
