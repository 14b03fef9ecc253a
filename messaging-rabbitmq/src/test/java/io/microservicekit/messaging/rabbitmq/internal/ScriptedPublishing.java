package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A channel of the scripted broker. It counts as driver and broker do: the driver each publish, the broker each that comes. Answers come late, in any
 * order, several at once.
 */
final class ScriptedPublishing implements PublishingChannel {
    private final ScriptedBroker broker;
    private final boolean confirms;
    private final PublishingEvents events;
    private final Loop worker;
    private final Loop reader;
    private final List<Answer> answers = new ArrayList<>();
    private final List<OutboundMessage> unread = new ArrayList<>();
    private final List<OutboundMessage> unsent = new ArrayList<>();
    private long driverCount;
    private long brokerCount;
    private boolean open = true;
    private boolean told;
    private boolean blocked;

    /** One of so many writes fills the buffer of the socket. */
    private static final int BUFFER = 8;

    private enum Kind {
        TAKEN,
        REFUSED,
        NEVER
    }

    private record Answer(long tag, Kind kind) {}

    ScriptedPublishing(ScriptedBroker broker, boolean confirms, PublishingEvents events) {
        this.broker = broker;
        this.confirms = confirms;
        this.events = events;
        this.worker = broker.runtime.loop("worker");
        this.reader = broker.runtime.loop("reader");
    }

    @Override
    public Executor worker() {
        return worker;
    }

    @Override
    public long nextSequence() {
        return confirms ? driverCount + 1 : 0;
    }

    @Override
    public void publish(OutboundMessage message) throws IOException {
        if (confirms) {
            driverCount++;
        }
        if (message.routingKey().startsWith("unencodable")) {
            broker.mark("counted and not written");
            throw new IllegalArgumentException("Short string too long");
        }
        if (message.routingKey().startsWith("deep")) {
            throw new StackOverflowError();
        }
        if (!open) {
            throw new IOException("broken pipe");
        }
        unsent.add(message);
        if (broker.random.nextInt(BUFFER) == 0) {
            send();
        }
    }

    @Override
    public void flush() throws IOException {
        if (!open) {
            throw new IOException("broken pipe");
        }
        send();
    }

    private void send() {
        List<OutboundMessage> together = List.copyOf(unsent);
        unsent.clear();
        if (together.size() > 1) {
            broker.mark("several sent together");
        }
        together.forEach(message -> reader.execute(() -> arrive(message)));
    }

    /** A blocked broker reads nothing from the socket. */
    void block(boolean blocked) {
        this.blocked = blocked;
        if (!blocked) {
            List<OutboundMessage> waiting = new ArrayList<>(unread);
            unread.clear();
            waiting.forEach(message -> reader.execute(() -> arrive(message)));
        }
    }

    /** What is on the way when the connection ends may still be read by the broker, but nothing is answered. */
    private void arrive(OutboundMessage message) {
        if (blocked) {
            unread.add(message);
            return;
        }
        if (!open && broker.random.nextBoolean()) {
            broker.mark("stored after the connection was cut");
            return;
        }
        long tag = ++brokerCount;
        take(message, tag);
        var unused = reader.schedule(Duration.ofMillis(broker.random.nextInt(20)), this::answer);
    }

    private void take(OutboundMessage message, long tag) {
        String topic = message.routingKey();
        String value = Objects.requireNonNull(message.message().valueText(), topic);
        if (topic.startsWith("missing")) {
            end(new Closure(Closure.Kind.BROKER, 404, "NOT_FOUND - no exchange 'x' in vhost '/'", false, null));
        } else if (topic.startsWith("nobody")) {
            if (open && message.publishMark() != null) {
                events.returned(message.publishMark(), 312, "NO_ROUTE");
            }
            answers.add(new Answer(tag, Kind.TAKEN));
        } else if (topic.startsWith("full")) {
            answers.add(new Answer(tag, Kind.REFUSED));
        } else {
            broker.stored.add(value);
            message.message().headers().forEach((name, text) -> broker.headers.add(name));
            answers.add(new Answer(tag, topic.startsWith("silent") ? Kind.NEVER : Kind.TAKEN));
        }
    }

    /** One answer, or one for all up to a number when they are alike. */
    private void answer() {
        List<Answer> due =
                answers.stream().filter(answer -> answer.kind() != Kind.NEVER).toList();
        if (!open || !confirms || !broker.answering || due.isEmpty()) {
            return;
        }
        Answer answer = due.get(broker.random.nextInt(due.size()));
        boolean multiple = broker.random.nextBoolean() && alikeUpTo(answer);
        if (multiple) {
            broker.mark("several answered at once");
            answers.removeIf(other -> other.tag() <= answer.tag());
        } else {
            answers.remove(answer);
        }
        if (answer.kind() == Kind.TAKEN) {
            events.confirmed(answer.tag(), multiple);
        } else {
            events.rejected(answer.tag(), multiple);
        }
        var unused = reader.schedule(Duration.ofMillis(broker.random.nextInt(5)), this::answer);
    }

    /** An answer for all up to a number is for all that have none, those that shall never get one included. */
    private boolean alikeUpTo(Answer answer) {
        return answers.stream().allMatch(other -> other.tag() > answer.tag() || other.kind() == answer.kind());
    }

    /** What no broker should do: it answers on a channel that is gone. */
    void answerLate(long tag) {
        reader.execute(() -> events.confirmed(tag, false));
    }

    void end(Closure closure) {
        open = false;
        if (!told) {
            told = true;
            broker.loop.execute(() -> events.closed(closure));
        }
    }

    /** What waits in the buffer goes before it, when the connection is there. */
    @Override
    public CompletableFuture<Void> close(Duration limit) {
        broker.checkMemoryForClose();
        CompletableFuture<Void> answer = broker.runtime.future();
        if (open) {
            send();
        }
        end(new Closure(Closure.Kind.OURSELVES, 0, "closed by the client", false, null));
        broker.loop.execute(() -> answer.complete(null));
        return answer;
    }
}
