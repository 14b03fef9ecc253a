package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Tells each topic the same id, until the test makes it anew, or deletes it. */
final class ScriptedTopics {
    static final Duration AGE = Duration.ofSeconds(30);

    private Uuid id = new Uuid(1, 1);
    private @Nullable Throwable failure;
    private boolean silent;
    private int asked;

    TopicSource source() {
        return new TopicSource(
                topics -> {
                    asked++;
                    Map<String, CompletableFuture<Uuid>> answers = new LinkedHashMap<>();
                    topics.forEach(topic -> answers.put(topic, answer()));
                    return answers;
                },
                AGE);
    }

    private CompletableFuture<Uuid> answer() {
        if (silent) {
            return new CompletableFuture<>();
        }
        return failure == null ? CompletableFuture.completedFuture(id) : CompletableFuture.failedFuture(failure);
    }

    Uuid id() {
        return id;
    }

    int asked() {
        return asked;
    }

    void makeAnew() {
        tell(new Uuid(1, id.getLeastSignificantBits() + 1));
    }

    void tell(Uuid told) {
        id = told;
        failure = null;
    }

    void delete() {
        fail(new UnknownTopicOrPartitionException("no such topic"));
    }

    void fail(Throwable error) {
        failure = error;
    }

    void beSilent(boolean now) {
        silent = now;
    }
}
