package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;

/**
 * Where the ids of topics come from: the driver's consumer does not tell them, its admin client does.
 *
 * @param asking answers for each topic, on any thread
 * @param age how old an answer may become
 */
record TopicSource(Function<Collection<String>, Map<String, CompletableFuture<Uuid>>> asking, Duration age) {
    static TopicSource of(Admin admin, Map<String, Object> settings) {
        String age = String.valueOf(settings.get(ConsumerConfig.METADATA_MAX_AGE_CONFIG));
        return new TopicSource(topics -> ask(admin, topics), Duration.ofMillis(Long.parseLong(age.trim())));
    }

    private static Map<String, CompletableFuture<Uuid>> ask(Admin admin, Collection<String> topics) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) DriverCalls.QUESTION.toMillis());
        Map<String, KafkaFuture<TopicDescription>> asked = admin.describeTopics(
                        TopicCollection.ofTopicNames(topics), options)
                .topicNameValues();
        Map<String, CompletableFuture<Uuid>> answers = new LinkedHashMap<>();
        asked.forEach((topic, description) -> answers.put(
                topic,
                description
                        .toCompletionStage()
                        .thenApply(TopicDescription::topicId)
                        .toCompletableFuture()));
        return answers;
    }
}
