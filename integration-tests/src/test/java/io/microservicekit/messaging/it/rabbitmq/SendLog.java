package io.microservicekit.messaging.it.rabbitmq;

import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** One thread that sends until it is stopped, and what became of each of its messages. */
final class SendLog implements Runnable {
    private static final int UNCONFIRMED = 20;

    private final int number;
    private final MessageProducer producer;
    private final ConcurrentMap<String, SendOutcome> outcomes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ErrorCode> codes = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    SendLog(int number, MessageProducer producer) {
        this.number = number;
        this.producer = producer;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        Queue<CompletableFuture<SendResult>> unconfirmed = new ArrayDeque<>();
        for (int i = 0; !stopped; i++) {
            String topic = i % 10 == 3 ? "nobody" : i % 10 == 7 ? "full" : "kept";
            unconfirmed.add(send(topic, topic + "-" + number + "-" + i));
            if (unconfirmed.size() >= UNCONFIRMED) {
                settle(unconfirmed.remove());
            }
        }
        unconfirmed.forEach(SendLog::settle);
    }

    private CompletableFuture<SendResult> send(String topic, String id) {
        return producer.sendAsync(Message.builder(topic).valueText(id).build())
                .whenComplete((result, error) -> note(id, error));
    }

    private static void settle(CompletableFuture<SendResult> send) {
        var unused = send.handle((result, error) -> result).join();
    }

    private void note(String id, @Nullable Throwable error) {
        if (error instanceof MessagingException failure) {
            codes.put(id, failure.code());
        }
        outcomes.put(
                id,
                error == null
                        ? SendOutcome.DELIVERED
                        : error instanceof SendException failed ? failed.outcome() : SendOutcome.NOT_DELIVERED);
    }

    /** Waits until so many were delivered to all together. */
    static void awaitDelivered(List<SendLog> logs, int messages, Duration limit) {
        await(messages + " delivered")
                .atMost(limit)
                .until(() -> all(logs, SendOutcome.DELIVERED).size() >= messages);
    }

    static Set<String> all(List<SendLog> logs, SendOutcome outcome) {
        return ids(logs.stream().map(log -> log.outcomes).toList(), outcome);
    }

    static Set<String> code(List<SendLog> logs, ErrorCode code) {
        return ids(logs.stream().map(log -> log.codes).toList(), code);
    }

    private static <T> Set<String> ids(List<? extends Map<String, T>> all, T wanted) {
        Set<String> ids = new TreeSet<>();
        all.forEach(one -> one.forEach((id, value) -> {
            if (value == wanted) {
                ids.add(id);
            }
        }));
        return ids;
    }
}
