package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel, which is one epoch: its consumers, its deliveries and their acknowledgements. Nothing of it is of any use on another channel. Confined
 * to the loop of the connection.
 */
final class Session {
    private static final Duration ACKNOWLEDGE_AFTER = Duration.ofMillis(10);
    private static final int MOST_UNSENT = 100;

    private final ConsumerParts parts;
    private final Assignment assignment;
    private final ConsumingChannel channel;
    private final AcknowledgementBook book = new AcknowledgementBook();
    private final Flushes flushes;
    private final Window window;
    private final Excess excess;
    private final int unsentLimit;
    private final Deliveries deliveries;
    private Loop.@Nullable Timer acknowledging;
    private long received;
    private boolean announced;
    private boolean started;
    private boolean paused;
    private boolean leaving;
    private boolean ended;

    /**
     * Assigns and consumes nothing yet.
     *
     * @param end what ends it
     */
    Session(ConsumerParts parts, long epoch, ConsumingChannel channel, End end) {
        this.parts = parts;
        this.assignment = new Assignment(parts.queue(), -1, epoch);
        this.channel = channel;
        this.window = parts.newWindow();
        this.excess = new Excess(parts.loop(), window, parts.options().holdLimit(), end.giveBack());
        this.unsentLimit = Math.max(1, Math.min(MOST_UNSENT, window.size() / 4));
        this.flushes = new Flushes(() -> channel.prefetch(window.size()));
        this.deliveries =
                new Deliveries(parts.loop(), list -> parts.listener().delivered(assignment, list), end.overtaxed());
    }

    /**
     * What ends a session from within.
     *
     * @param giveBack asks the engine to let go of it
     * @param overtaxed ends its channel at once, told what was thrown: the engine has not heard of what came
     */
    record End(Runnable giveBack, Consumer<Throwable> overtaxed) {}

    Assignment assignment() {
        return assignment;
    }

    Set<Assignment> assignments() {
        return new LinkedHashSet<>(Collections.singleton(assignment));
    }

    ConsumingChannel channel() {
        return channel;
    }

    /** How many deliveries have come, whatever became of them. */
    long received() {
        return received;
    }

    boolean isAnnounced() {
        return announced;
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isUnfinished() {
        return book.unacknowledged() > 0;
    }

    /** Reports the assignment, and then what came before. */
    void announce() {
        if (!announced) {
            announced = true;
            parts.listener().assigned(assignments());
            deliveries.open();
        }
    }

    /**
     * Starts a consumer with as much credit as the window allows.
     *
     * @return ends as the broker answers
     */
    CompletableFuture<Void> consume() {
        started = true;
        return consume(window.growth());
    }

    private CompletableFuture<Void> consume(int credit) {
        Credit grown = window.grow(parts.tagName() + "-" + assignment.epoch(), credit);
        CompletableFuture<Void> unused = channel.prefetch(credit);
        return channel.consume(parts.queue(), grown.consumerTag, parts.options().autoAck(), new LinkedHashMap<>());
    }

    void delivered(InboundMessage message) {
        received++;
        if (leaving) {
            // Not in the book and so never acknowledged: it goes back to the queue with the channel.
            return;
        }
        Credit credit = window.named(message.consumerTag());
        if (credit != null && !parts.options().autoAck()) {
            book.delivered(message.tag(), credit);
        }
        long epoch = assignment.epoch();
        MessagePosition position = new MessagePosition(message.message().topic(), -1, -1, epoch, message.tag());
        deliveries.add(
                ReceivedMessage.of(message.message(), position, parts.spec().group()));
    }

    void acknowledge(long upTo, long[] alsoThese) {
        book.finished(upTo, alsoThese);
        if (book.due() >= unsentLimit || isIdle()) {
            sendAcknowledgements();
        } else if (acknowledging == null) {
            acknowledging = parts.loop().schedule(ACKNOWLEDGE_AFTER, this::sendAcknowledgements);
        }
    }

    /** Whether everything that could be finished soon is finished. */
    private boolean isIdle() {
        return book.due() + window.held() >= book.unacknowledged();
    }

    /** Sends what is finished. The report does not wait for an answer, which there is none: until a channel is lost the broker has what was sent. */
    void sendAcknowledgements() {
        if (acknowledging != null) {
            acknowledging.cancel();
            acknowledging = null;
        }
        if (ended) {
            return;
        }
        book.take().forEach(each -> channel.acknowledge(each.tag(), each.multiple()));
        long upTo = book.news();
        if (upTo > 0 && announced) {
            parts.listener().acknowledged(assignment, upTo);
        }
        adjust();
    }

    void flush(CompletableFuture<Void> answer) {
        sendAcknowledgements();
        if (ended) {
            answer.completeExceptionally(gone());
        } else {
            flushes.add(answer);
        }
    }

    void hold(long tag) {
        Credit credit = book.credit(tag);
        if (credit != null) {
            credit.hold(tag);
            adjust();
        }
    }

    void release(long tag) {
        Credit credit = book.credit(tag);
        if (credit != null) {
            credit.release(tag);
            adjust();
        }
    }

    /** Starts or ends consumers, as what is held demands. */
    private void adjust() {
        if (!started || ended || leaving || paused) {
            return;
        }
        boolean keeps = keepsConsuming();
        for (Credit surplus = window.surplus(); !keeps && surplus != null; surplus = window.surplus()) {
            cancel(surplus);
        }
        excess.say(keeps && window.isExceeded());
        int growth = window.growth();
        if (growth > 0) {
            CompletableFuture<Void> unused = consume(growth);
        }
        parts.impediment().say(window.stuck() && parts.suffersFromHeld() ? stuck() : null);
    }

    private String stuck() {
        String why = window.isSingle()
                ? "a single active consumer, or one of a quorum queue, gets no more than its prefetch count of "
                        + window.size()
                : "maxHeld is " + parts.options().maxHeld();
        return window.held() + " messages wait for a retry or for their dead letter, and " + why
                + ": others wait behind them";
    }

    private void cancel(Credit credit) {
        credit.end();
        CompletableFuture<?> unused = channel.cancel(credit.consumerTag).whenComplete((answer, error) -> {
            credit.gone();
            adjust();
        });
    }

    /** The broker has ended a consumer by itself: there is nothing left to cancel. */
    void cancelled(String consumerTag) {
        Credit credit = window.named(consumerTag);
        if (credit != null) {
            credit.end();
            credit.gone();
        }
    }

    /** Asks for nothing more; what is on its way still comes. */
    void stopConsuming() {
        if (!ended) {
            window.running().forEach(this::cancel);
        }
    }

    /**
     * Whether only the channel's end may stop the intake. Another consumer of a single active queue would become active, before what is unfinished here has
     * gone back. A quorum queue takes back what is on its way to a cancelled consumer at once, in no order and before all that it was sent earlier. What
     * needs no acknowledgement never goes back, and nothing else bounds its intake.
     */
    boolean keepsConsuming() {
        return !parts.options().autoAck() && (parts.mayBeQuorum() || (parts.isSingleActive() && isUnfinished()));
    }

    void pause() {
        paused = true;
        if (!keepsConsuming()) {
            stopConsuming();
        }
    }

    void resume(boolean consuming) {
        paused = false;
        if (consuming) {
            adjust();
        }
    }

    /** Takes in nothing more: what comes now goes back with the channel. */
    void leave() {
        leaving = true;
        excess.end();
        deliveries.drop();
        if (!keepsConsuming()) {
            stopConsuming();
        }
    }

    /** The channel is gone, or about to be: nothing can be acknowledged any more. */
    void end() {
        ended = true;
        leaving = true;
        excess.end();
        deliveries.drop();
        if (acknowledging != null) {
            acknowledging.cancel();
        }
        flushes.end(gone());
    }

    private ConsumeException gone() {
        return new ConsumeException(
                ErrorCode.NO_ACTIVE_SESSION,
                parts.attempt()
                        + ": the channel is gone before the broker said that it has taken the acknowledgements of "
                        + assignment + "; what was not acknowledged is delivered again.");
    }
}
