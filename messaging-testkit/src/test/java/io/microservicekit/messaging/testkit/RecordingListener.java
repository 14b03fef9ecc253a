package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Writes down what the broker reports and plays the engine only as far as a test tells it to. */
final class RecordingListener implements BackendListener {
    final List<String> events = new ArrayList<>();
    final List<ReceivedMessage> messages = new ArrayList<>();
    final Map<String, Assignment> held = new LinkedHashMap<>();
    /** Set to keep what is revoked until the test completes it. */
    CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);

    @Override
    public void ready() {
        events.add("ready");
    }

    @Override
    public void assigned(Set<Assignment> assignments) {
        events.add("assigned " + assignments);
        assignments.forEach(a -> held.put(a.topic() + a.partition(), a));
    }

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> batch) {
        events.add("delivered " + assignment + " " + values(batch));
        messages.addAll(batch);
    }

    @Override
    public void acknowledged(Assignment assignment, long upTo) {
        events.add("acknowledged " + assignment + " " + upTo);
    }

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        events.add("revoked " + assignments);
        assignments.forEach(a -> held.values().remove(a));
        return drained;
    }

    @Override
    public void lost(Set<Assignment> assignments) {
        events.add("lost " + assignments);
        assignments.forEach(a -> held.values().remove(a));
    }

    @Override
    public void failed(MessagingException cause) {
        events.add("failed " + cause.code());
    }

    Assignment only() {
        if (held.size() != 1) {
            throw new AssertionError("holds " + held);
        }
        return held.values().iterator().next();
    }

    List<String> values() {
        return values(messages);
    }

    /** The events since the last call. */
    List<String> news() {
        List<String> news = new ArrayList<>(events);
        events.clear();
        return news;
    }

    private static List<String> values(List<ReceivedMessage> batch) {
        List<String> values = new ArrayList<>();
        batch.forEach(message -> values.add(message.valueText()));
        return values;
    }
}
