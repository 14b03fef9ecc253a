package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import io.microservicekit.messaging.rabbitmq.internal.shared.SendWindow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One channel's work: writes what waits, and reads the broker's answers. Immutable; it writes on the worker of the channel, and is told on the driver's
 * reading thread.
 */
final class PublishSession implements PublishingEvents {
    private final long epoch;
    private final SendWindow window;
    private final ClientRuntime runtime;
    private final PublishOutcomes outcomes;
    private final Ended whenEnded;

    /** Told when the channel is of no use any more: on the loop by the channel, on the worker when a write failed. */
    interface Ended {
        void ended(long epoch, Closure closure);
    }

    PublishSession(long epoch, SendWindow window, ClientRuntime runtime, PublishOutcomes outcomes, Ended whenEnded) {
        this.epoch = epoch;
        this.window = window;
        this.runtime = runtime;
        this.outcomes = outcomes;
        this.whenEnded = whenEnded;
    }

    /** Writes until nothing waits; on the worker. */
    void pump(PublishingChannel channel) {
        try {
            long sequence = channel.nextSequence();
            PendingSend next = window.next(epoch, sequence, runtime.nanoTime());
            while (next != null) {
                channel.publish(outbound(next, sequence));
                sequence = channel.nextSequence();
                next = window.next(epoch, sequence, runtime.nanoTime());
            }
            channel.flush();
        } catch (Throwable e) { // an Error too: what waits would wait for ever
            failed(e);
        }
    }

    /** Without confirmations the driver counts nothing, and what is written is settled. */
    void pumpUnconfirmed(PublishingChannel channel) {
        try {
            PendingSend next = window.next(epoch, 1, runtime.nanoTime());
            while (next != null) {
                channel.publish(new OutboundMessage(
                        next.exchange(), next.message().topic(), next.message(), next.timestampMillis(), null));
                channel.flush();
                PublishOutcomes.each(window.settle(epoch, 1, false), outcomes::written);
                next = window.next(epoch, 1, runtime.nanoTime());
            }
        } catch (Throwable e) { // an Error too: what waits would wait for ever
            failed(e);
        }
    }

    private OutboundMessage outbound(PendingSend send, long sequence) {
        return new OutboundMessage(
                send.exchange(),
                send.message().topic(),
                send.message(),
                send.timestampMillis(),
                PublishMark.of(epoch, sequence));
    }

    /** The driver may have counted a message that it did not write: nothing more may be written on this channel. */
    private void failed(Throwable error) {
        if (error instanceof RefusedException refused) {
            whenEnded.ended(epoch, refused.closure());
            return;
        }
        String text = error.getClass().getSimpleName() + ": " + error.getMessage();
        whenEnded.ended(epoch, new Closure(kind(error), 0, text, false, error));
    }

    private static Closure.Kind kind(Throwable error) {
        if (error instanceof IOException) {
            return Closure.Kind.NETWORK;
        }
        return error instanceof Error ? Closure.Kind.PROCESS : Closure.Kind.DRIVER;
    }

    @Override
    public void confirmed(long sequence, boolean multiple) {
        runtime.onIo(() -> PublishOutcomes.each(window.settle(epoch, sequence, multiple), outcomes::confirmed));
    }

    @Override
    public void rejected(long sequence, boolean multiple) {
        runtime.onIo(() -> PublishOutcomes.each(window.settle(epoch, sequence, multiple), outcomes::rejected));
    }

    @Override
    public void returned(@Nullable String publishMark, int code, String text) {
        long sequence = PublishMark.sequence(epoch, publishMark);
        if (sequence < 0 || !window.returned(epoch, sequence, code + " " + text)) {
            outcomes.unknownReturn(code, text);
        }
    }

    @Override
    public void closed(Closure closure) {
        whenEnded.ended(epoch, closure);
    }
}
