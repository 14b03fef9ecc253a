package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SendWindowTest {
    private final SendWindow window = new SendWindow(() -> {}, () -> {});
    private final AtomicInteger pumps = new AtomicInteger();

    private static PendingSend due(long nanos) {
        Message message = Message.builder("topic").valueText("v").build();
        return new PendingSend("", message, 0, nanos, new CompletableFuture<>());
    }

    @Test
    void theEndOfTheOnlyOneThatMayBeWrittenLetsTheNextGo() {
        PendingSend first = due(10);
        PendingSend second = due(100);
        window.open(1, pumps::incrementAndGet, 1);
        window.add(first);
        window.add(second);
        assertThat(window.next(1, 1, 0)).isSameAs(first);
        assertThat(window.next(1, 2, 0)).as("one at a time").isNull();
        assertThat(pumps).hasValue(1);

        assertThat(window.expire(50).written()).containsExactly(first);

        assertThat(pumps).hasValue(2);
        assertThat(window.next(1, 2, 50)).isSameAs(second);
    }

    @Test
    void oneThatCannotBeRegisteredStillWaits() {
        PendingSend first = due(100);
        PendingSend second = due(100);
        window.open(1, pumps::incrementAndGet, Integer.MAX_VALUE);
        window.add(first);
        window.add(second);
        assertThat(window.next(1, 7, 0)).isSameAs(first);

        assertThatThrownBy(() -> window.next(1, 7, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7");

        assertThat(window.lost(1)).containsExactly(first);
        assertThat(window.takeQueued()).containsExactly(second);
    }

    @Test
    void aWorkerThatCouldNotBeWokenIsWokenByTheNextSend() {
        Runnable[] pump = {
            () -> {
                throw new InternalError("lack of memory");
            }
        };
        window.open(1, () -> pump[0].run(), Integer.MAX_VALUE);
        List<Throwable> uncaught = uncaught(() -> window.add(due(100)));
        assertThat(uncaught).singleElement().isInstanceOf(InternalError.class);

        pump[0] = pumps::incrementAndGet;
        window.add(due(100));

        assertThat(pumps).hasValue(1);
    }

    @Test
    void aLoopThatCouldNotBeToldOfADeadlineIsToldOfTheNext() {
        AtomicInteger told = new AtomicInteger();
        SendWindow window = new SendWindow(
                () -> {
                    if (told.incrementAndGet() == 1) {
                        throw new InternalError("lack of memory");
                    }
                },
                () -> {});
        List<Throwable> uncaught = uncaught(() -> window.add(due(10)));
        assertThat(uncaught).singleElement().isInstanceOf(InternalError.class);

        window.add(due(100));

        assertThat(told).hasValue(2);
    }

    @Test
    void whatCannotBeToldThatItIsIdleStillHandsOutWhatItTook() {
        SendWindow window = new SendWindow(() -> {}, () -> {
            throw new InternalError("lack of memory");
        });
        PendingSend send = due(10);
        window.open(1, pumps::incrementAndGet, 1);
        window.add(send);
        window.close();
        assertThat(window.next(1, 1, 0)).isSameAs(send);
        List<PendingSend> settled = new ArrayList<>();
        List<Throwable> uncaught = uncaught(() -> settled.addAll(window.settle(1, 1, false)));

        assertThat(settled).containsExactly(send);
        assertThat(uncaught).singleElement().isInstanceOf(InternalError.class);
    }

    private static List<Throwable> uncaught(Runnable action) {
        List<Throwable> uncaught = new ArrayList<>();
        Thread here = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = here.getUncaughtExceptionHandler();
        here.setUncaughtExceptionHandler((thread, error) -> uncaught.add(error));
        try {
            action.run();
        } finally {
            here.setUncaughtExceptionHandler(before);
        }
        return uncaught;
    }
}
