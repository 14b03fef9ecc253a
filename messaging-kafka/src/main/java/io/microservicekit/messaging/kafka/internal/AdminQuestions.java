package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** What a poll thread asks of the admin client, and waits for no longer than polls may wait for a question. */
final class AdminQuestions {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MILLIS = (int) DriverCalls.QUESTION.toMillis();

    private final Supplier<Admin> admin;
    private final ClientRuntime runtime;
    private final Supplier<Duration> limit;

    AdminQuestions(Supplier<Admin> admin, ClientRuntime runtime) {
        this(admin, runtime, () -> DriverCalls.QUESTION);
    }

    /** With how long the next answer may be waited for; it throws what ends it when that is no time at all. */
    AdminQuestions(Supplier<Admin> admin, ClientRuntime runtime, Supplier<Duration> limit) {
        this.admin = admin;
        this.runtime = runtime;
        this.limit = limit;
    }

    Map<String, KafkaFuture<TopicDescription>> describe(Set<String> topics) {
        return admin.get()
                .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(MILLIS))
                .topicNameValues();
    }

    KafkaFuture<Void> create(NewTopic topic) {
        return admin.get()
                .createTopics(List.of(topic), new CreateTopicsOptions().timeoutMs(MILLIS))
                .all();
    }

    /** Only leaders know where a partition ends. */
    KafkaFuture<?> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        return admin.get()
                .listOffsets(asked, new ListOffsetsOptions().timeoutMs(MILLIS))
                .all();
    }

    /** The answer, or the driver's error; a retriable one when there is none in time. */
    <T> T answer(KafkaFuture<T> asked) {
        CompletableFuture<T> answer = asked.toCompletionStage().toCompletableFuture();
        CompletableFuture<Void> heard = runtime.future();
        var unused = answer.whenComplete((value, error) -> heard.complete(null));
        Duration within = limit.get();
        runtime.awaitDrain(heard, within);
        if (!answer.isDone()) {
            throw new TimeoutException("the brokers did not answer within " + within);
        }
        try {
            return answer.getNow(null);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException error ? error : e;
        }
    }

    /** Between two steps of which the first was not enough. */
    void pause() {
        runtime.awaitDrain(runtime.future(), PAUSE);
    }
}
