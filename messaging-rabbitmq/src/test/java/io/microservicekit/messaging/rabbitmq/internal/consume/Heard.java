package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes down what the adapter tells engine and log. */
final class Heard implements BackendListener, MessagingObserver, System.Logger {
    final List<String> events = new ArrayList<>();
    final List<Assignment> assigned = new ArrayList<>();
    final List<ReceivedMessage> messages = new ArrayList<>();
    final List<MessagingException> failures = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    /** When the engine lets go of what is revoked. */
    CompletableFuture<Void> letGo = CompletableFuture.completedFuture(null);
    /** What the engine does when it is told to let go. */
    Runnable onRevoked = () -> {};

    Assignment last() {
        return assigned.get(assigned.size() - 1);
    }

    long lastTag() {
        return messages.get(messages.size() - 1).position().tag();
    }

    List<String> values() {
        return messages.stream()
                .map(message -> String.valueOf(message.valueText()))
                .toList();
    }

    @Override
    public void ready() {
        events.add("ready");
    }

    @Override
    public void assigned(Set<Assignment> assignments) {
        assigned.addAll(assignments);
        assignments.forEach(each -> events.add("assigned " + each.epoch()));
    }

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> delivered) {
        messages.addAll(delivered);
        events.add("delivered " + delivered.size());
    }

    @Override
    public void acknowledged(Assignment assignment, long upTo) {
        events.add("acknowledged " + upTo);
    }

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        assignments.forEach(each -> events.add("revoked " + each.epoch()));
        onRevoked.run();
        return letGo;
    }

    @Override
    public void lost(Set<Assignment> assignments) {
        assignments.forEach(each -> events.add("lost " + each.epoch()));
    }

    @Override
    public void failed(MessagingException cause) {
        failures.add(cause);
        events.add("failed " + cause.code());
    }

    @Override
    public String getName() {
        return "heard";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
        warnings.add(level + " " + text);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object @Nullable ... values) {
        warnings.add(level + " " + format);
    }
}
