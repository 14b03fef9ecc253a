package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes down what an adapter tells engine, observer and log. */
final class HeardByEngine implements BackendListener, MessagingObserver, System.Logger {
    private final List<String> events = new ArrayList<>();
    private final List<Assignment> assigned = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private final List<ReceivedMessage> messages = new ArrayList<>();
    private final List<MessagingException> failures = new ArrayList<>();
    private Runnable onRevoked = () -> {};
    private Runnable onFailed = () -> {};
    private CompletableFuture<Void> letGo = CompletableFuture.completedFuture(null);

    List<String> events() {
        return events;
    }

    Assignment lastAssigned() {
        return assigned.get(assigned.size() - 1);
    }

    List<String> logged() {
        return logged;
    }

    List<ReceivedMessage> messages() {
        return messages;
    }

    List<MessagingException> failures() {
        return failures;
    }

    /** What the engine does before it lets go. */
    void onRevoked(Runnable action) {
        onRevoked = action;
    }

    /** What the engine does when it hears of a failure. */
    void onFailed(Runnable action) {
        onFailed = action;
    }

    /** When the engine lets go of what is revoked. */
    void letGo(CompletableFuture<Void> future) {
        letGo = future;
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
        onFailed.run();
    }

    @Override
    public void positionReset(PositionReset event) {
        events.add("reset " + event.from() + " to " + event.to());
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
        logged.add(level + " " + text);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object @Nullable ... values) {
        logged.add(level + " " + format);
    }
}
