package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Stands for the engine at the SPI: keeps what it hears and acknowledges each delivery at once. */
final class BackendMember implements BackendListener {
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<MessagingException> failed = new CompletableFuture<>();
    private final Set<Assignment> held = ConcurrentHashMap.newKeySet();
    private final List<Assignment> revoked = new ArrayList<>();
    private final Queue<ReceivedMessage> received = new ConcurrentLinkedQueue<>();
    private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final Consumer<ReceivedMessage> action;
    private volatile BackendConsumer consumer;

    private BackendMember(Consumer<ReceivedMessage> action) {
        this.action = action;
    }

    static BackendMember join(Function<BackendListener, BackendConsumer> opening) {
        return join(opening, message -> {});
    }

    /** With an action for each message, on the adapter's thread. */
    static BackendMember join(Function<BackendListener, BackendConsumer> opening, Consumer<ReceivedMessage> action) {
        BackendMember member = new BackendMember(action);
        member.consumer = opening.apply(member);
        // As the engine ends what has failed.
        var unused = member.failed.thenCompose(failure -> member.consumer.close(Duration.ZERO));
        return member;
    }

    BackendConsumer consumer() {
        return consumer;
    }

    CompletableFuture<Void> readiness() {
        return ready;
    }

    CompletableFuture<MessagingException> failure() {
        return failed;
    }

    Set<Assignment> held() {
        return held;
    }

    List<Assignment> revoked() {
        synchronized (revoked) {
            return List.copyOf(revoked);
        }
    }

    Queue<ReceivedMessage> received() {
        return received;
    }

    Queue<Long> acknowledgements() {
        return acknowledged;
    }

    List<String> values() {
        return received.stream().map(ReceivedMessage::valueText).toList();
    }

    @Override
    public void ready() {
        ready.complete(null);
    }

    @Override
    public void assigned(Set<Assignment> assignments) {
        held.addAll(assignments);
    }

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> messages) {
        messages.forEach(action);
        received.addAll(messages);
        BackendConsumer known = consumer;
        // The first delivery may come before the member knows its consumer; the next ones acknowledge it too.
        if (known != null) {
            known.acknowledge(
                    assignment, messages.get(messages.size() - 1).position().tag(), new long[0]);
        }
    }

    @Override
    public void acknowledged(Assignment assignment, long upTo) {
        acknowledged.add(upTo);
    }

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        synchronized (revoked) {
            revoked.addAll(assignments);
        }
        held.removeAll(assignments);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void lost(Set<Assignment> assignments) {
        held.removeAll(assignments);
    }

    @Override
    public void failed(MessagingException cause) {
        failed.complete(cause);
    }
}
