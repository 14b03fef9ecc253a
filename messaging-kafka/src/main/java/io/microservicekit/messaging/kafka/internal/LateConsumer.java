package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.kafka.internal.shared.DriverSlot;
import io.microservicekit.messaging.kafka.internal.shared.Impediment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A consumer that could not be opened yet, because no name of a broker can be resolved. Nothing is assigned to it before it is. */
final class LateConsumer implements BackendConsumer {
    private final Supplier<KafkaBackendConsumer> opening;
    private final BackendListener listener;
    private final Reopening reopening;
    private final DriverSlot<BackendConsumer> slot = new DriverSlot<>();

    LateConsumer(
            Supplier<KafkaBackendConsumer> opening,
            BackendListener listener,
            Reopening reopening,
            BackendUnavailableException why) {
        this.opening = opening;
        this.listener = listener;
        this.reopening = reopening;
        again(why, Reopening.FIRST_PAUSE);
    }

    private void again(Throwable why, Duration pause) {
        try {
            slot.impeded(notOpened(why));
        } finally {
            reopening.after(pause, () -> open(Reopening.longer(pause)));
        }
    }

    private static Impediment notOpened(Throwable why) {
        return new Impediment(ErrorCode.NO_BROKERS_AVAILABLE, "it is not opened yet: " + SafeCause.withoutStop(why));
    }

    private void open(Duration nextPause) {
        if (slot.isClosed()) {
            return;
        }
        try {
            begin(opening.get());
        } catch (BackendUnavailableException e) {
            again(e, nextPause);
        } catch (MessagingException e) {
            listener.failed(e);
        } catch (Throwable e) {
            // Lack of memory most of all: nobody else would open it, or hear of it.
            again(e, nextPause);
        }
    }

    /** Started when it is in its place: the engine answers at once what its poll thread tells. */
    private void begin(KafkaBackendConsumer opened) {
        if (!slot.put(opened)) {
            opened.discard();
            return;
        }
        try {
            opened.start();
        } catch (Throwable e) {
            boolean unused = slot.takeOut(opened, notOpened(e));
            throw e;
        }
    }

    private void ifOpen(Consumer<BackendConsumer> command) {
        BackendConsumer opened = slot.driver();
        if (opened != null) {
            command.accept(opened);
        }
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {
        ifOpen(consumer -> consumer.acknowledge(assignment, upTo, alsoThese));
    }

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        BackendConsumer opened = slot.driver();
        return opened == null ? CompletableFuture.failedFuture(AwaitedCommits.gone()) : opened.flush(assignment);
    }

    @Override
    public void pause(Set<Assignment> assignments) {
        ifOpen(consumer -> consumer.pause(assignments));
    }

    @Override
    public void resume(Set<Assignment> assignments) {
        ifOpen(consumer -> consumer.resume(assignments));
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        ifOpen(consumer -> consumer.hold(assignment, tag));
    }

    @Override
    public void release(Assignment assignment, long tag) {
        ifOpen(consumer -> consumer.release(assignment, tag));
    }

    @Override
    public void recycle(Assignment assignment, String reason) {
        ifOpen(consumer -> consumer.recycle(assignment, reason));
    }

    @Override
    public @Nullable Duration holdLimit() {
        return null;
    }

    @Override
    public @Nullable String impediment() {
        BackendConsumer opened = slot.driver();
        Impediment impediment = slot.impediment();
        if (opened != null) {
            return opened.impediment();
        }
        return impediment == null ? null : impediment.text();
    }

    @Override
    public @Nullable String hang() {
        BackendConsumer opened = slot.driver();
        return opened == null ? null : opened.hang();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        BackendConsumer opened = slot.close();
        return opened == null ? CompletableFuture.completedFuture(0L) : opened.close(limit);
    }
}
