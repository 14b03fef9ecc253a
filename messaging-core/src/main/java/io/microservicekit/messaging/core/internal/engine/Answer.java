package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Futures that come from adapters and users, and futures that go to users. */
public final class Answer {
    private Answer() {}

    /** What a call answers; one that throws or answers nothing becomes a failed future, so that it cannot stop what depends on it. */
    public static <T> CompletableFuture<T> of(Supplier<@Nullable CompletableFuture<T>> call) {
        try {
            CompletableFuture<T> answer = call.get();
            return answer == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("a call was answered by null"))
                    : answer;
        } catch (Throwable e) { // an Error too: whoever waits must hear of it, and what was taken be given back
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A future of the user's own: completing or cancelling it changes nothing for others; it carries the error itself, without a wrapper. */
    public static <T> CompletableFuture<T> forUser(ClientRuntime runtime, CompletableFuture<T> source) {
        CompletableFuture<T> own = runtime.future();
        CompletableFuture<?> unused = source.whenComplete((value, error) -> {
            if (error == null) {
                own.complete(value);
            } else {
                own.completeExceptionally(error);
            }
        });
        return own;
    }
}
