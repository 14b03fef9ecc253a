package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.Channel;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.BlockingWorker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A channel of the driver and the worker for its calls, which block. Confined to the loop but for the calls themselves. */
final class ChannelCalls {
    private static final Closure GONE = new Closure(Closure.Kind.DRIVER, 0, "the channel is gone", false, null);

    private static final Object DONE = new Object();

    private final Channel channel;
    private final BlockingWorker worker;
    private final Place place;
    private final CompletableFuture<Closure> ended;
    private final Map<Long, CompletableFuture<?>> unanswered = new LinkedHashMap<>();
    private long asked;

    /** A call that has an answer. */
    interface Question<T> {
        T of(Channel channel) throws IOException;
    }

    /** A call that has none. */
    interface Order {
        void to(Channel channel) throws IOException;
    }

    ChannelCalls(Channel channel, BlockingWorker worker, Place place) {
        this.channel = channel;
        this.worker = worker;
        this.place = place;
        this.ended = place.runtime().future();
    }

    /** From now on its end is told, once; on the loop, after it was handed out. */
    void listen(Consumer<Closure> whenEnded) {
        var unused = ended.thenAccept(whenEnded);
        channel.addShutdownListener(signal -> place.loop().execute(() -> end(closure(signal))));
    }

    boolean isOver() {
        return ended.isDone();
    }

    Channel channel() {
        return channel;
    }

    Executor worker() {
        return worker;
    }

    <T> CompletableFuture<T> future() {
        return place.runtime().future();
    }

    CompletableFuture<Void> command(Order order) {
        CompletableFuture<Void> answer = place.runtime().future();
        var unused = ask(asked -> {
                    order.to(asked);
                    return DONE;
                })
                .whenComplete((done, error) -> {
                    if (error == null) {
                        answer.complete(null);
                    } else {
                        answer.completeExceptionally(error);
                    }
                });
        return answer;
    }

    <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = place.runtime().future();
        if (ended.isDone()) {
            answer.completeExceptionally(new RefusedException(ended.getNow(GONE)));
            return answer;
        }
        long number = ++asked;
        unanswered.put(number, answer);
        worker.execute(() -> {
            try {
                T result = question.of(channel);
                place.loop().execute(() -> answered(number, answer, result));
            } catch (Throwable e) { // an Error too: whoever asked must hear of it
                place.loop().execute(() -> failed(number, answer, e));
            }
        });
        return answer;
    }

    private <T> void answered(long number, CompletableFuture<T> answer, T result) {
        unanswered.remove(number);
        answer.complete(result);
    }

    private void failed(long number, CompletableFuture<?> answer, Throwable error) {
        unanswered.remove(number);
        Closure closure = closure(error);
        answer.completeExceptionally(new RefusedException(closure));
        drop(closure);
    }

    /** A call that has no answer; what fails ends the channel anyway. */
    void tell(Order order) {
        worker.execute(() -> {
            try {
                order.to(channel);
            } catch (Throwable e) {
                place.loop().execute(() -> drop(closure(e)));
            }
        });
    }

    /** In our words; with what the driver could not read, when it came on this channel. */
    private Closure closure(Throwable error) {
        Closure closure = Closures.of(error);
        return Closures.isUnreadable(closure) && place.last().channel() == channel.getChannelNumber()
                ? Closures.received(closure)
                : closure;
    }

    /** Also of a channel that is open at the driver: what it was asked has no answer, and what it will say belongs to nothing. */
    void drop(Closure closure) {
        if (!ended.isDone()) {
            worker.execute(this::closeQuietly);
            end(closure);
        }
    }

    private void end(Closure closure) {
        if (!ended.isDone()) {
            worker.close();
            ended.complete(closure);
            List<CompletableFuture<?>> refused = new ArrayList<>(unanswered.values());
            unanswered.clear();
            refused.forEach(answer -> answer.completeExceptionally(new RefusedException(closure)));
        }
    }

    CompletableFuture<Void> close(Duration limit) {
        CompletableFuture<Void> answer = place.runtime().future();
        if (!ended.isDone()) {
            Closure ours = new Closure(Closure.Kind.OURSELVES, 0, "closed by the client", false, null);
            Loop.Timer force = place.loop().schedule(limit, () -> end(ours));
            var unused = ended.whenComplete((closure, error) -> force.cancel());
            worker.execute(this::closeQuietly);
        }
        var unused = ended.whenComplete((closure, error) -> answer.complete(null));
        return answer;
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException | TimeoutException | RuntimeException e) {
            // It is closed, or its connection will end it.
            return;
        }
    }
}
