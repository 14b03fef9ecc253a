package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of messages that name themselves {@code topic/number}, by many threads, and what of that the queues confirm. */
final class SendRecord {
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final ConcurrentMap<String, End> ends = new ConcurrentHashMap<>();
    private final Queue<String> twice = new ConcurrentLinkedQueue<>();

    /** How a send ended. */
    enum End {
        CONFIRMED,
        /** The broker answered with a basic.nack. */
        NACKED,
        /** The broker returned it. */
        RETURNED,
        /** For another reason it was surely not delivered. */
        REFUSED,
        UNKNOWN,
        /** The caller did not want to know. */
        CANCELLED;

        static End of(@Nullable Throwable error) {
            if (error == null) {
                return CONFIRMED;
            }
            if (error instanceof CancellationException) {
                return CANCELLED;
            }
            if (!(error instanceof SendException known)) {
                return REFUSED;
            }
            if (known.outcome() == SendOutcome.UNKNOWN) {
                return UNKNOWN;
            }
            if (known.code() == ErrorCode.UNROUTABLE) {
                return RETURNED;
            }
            return known.code() == ErrorCode.SEND_MESSAGE && known.getMessage().contains("basic.nack")
                    ? NACKED
                    : REFUSED;
        }

        boolean isNotDelivered() {
            return this == NACKED || this == RETURNED || this == REFUSED;
        }
    }

    /** A message that is not yet sent. */
    Message next(String topic) {
        return Message.builder(topic)
                .valueText(topic + "/" + numbers.incrementAndGet())
                .build();
    }

    /** A send has ended. */
    void ended(Message message, @Nullable Throwable error) {
        String name = message.valueText();
        if (error instanceof SendException known && known.code() == ErrorCode.TIMEOUT) {
            late.incrementAndGet();
        }
        if (ends.put(name, End.of(error)) != null) {
            twice.add(name);
        }
    }

    /** How many sends were begun. */
    long begun() {
        return numbers.get();
    }

    /** How many sends have ended. */
    long ended() {
        return ends.size();
    }

    /** How many sends have ended in each way. */
    Map<End, Long> counts() {
        return ends.values().stream().collect(Collectors.groupingBy(end -> end, TreeMap::new, Collectors.counting()));
    }

    /** How many sends ended because of their own deadline. */
    long late() {
        return late.get();
    }

    /** The topics of all sends that ended so. */
    Collection<String> topicsOf(End end) {
        return ends.entrySet().stream()
                .filter(each -> each.getValue() == end)
                .map(each -> each.getKey().substring(0, each.getKey().indexOf('/')))
                .distinct()
                .toList();
    }

    /** Each send has ended once; what the queues hold is what was confirmed, nothing of what was not delivered, and nothing twice. */
    void assertAgreesWith(Collection<String> held) {
        assertThat(twice).as("sends that ended twice").isEmpty();
        assertThat(ended()).as("sends that ended").isEqualTo(begun());
        assertThat(held).as("messages in the queues").doesNotHaveDuplicates();
        assertThat(names(End.CONFIRMED))
                .as("confirmed and not in a queue")
                .filteredOn(not(held))
                .isEmpty();
        assertThat(held)
                .as("in a queue though not delivered")
                .filteredOn(name -> ends.getOrDefault(name, End.UNKNOWN).isNotDelivered())
                .isEmpty();
    }

    private static Predicate<String> not(Collection<String> held) {
        Set<String> set = new LinkedHashSet<>(held);
        return name -> !set.contains(name);
    }

    private List<String> names(End end) {
        return ends.entrySet().stream()
                .filter(each -> each.getValue() == end)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Takes all that a queue holds. */
    static List<String> take(RabbitMqServer server, String queue) throws Exception {
        Queue<String> values = new ConcurrentLinkedQueue<>();
        try (Connection connection = RawRabbitMq.connect(server, "taker");
                Channel channel = connection.createChannel()) {
            long count = channel.messageCount(queue);
            channel.basicConsume(
                    queue,
                    true,
                    (tag, delivery) -> values.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                    tag -> {});
            await("messages of " + queue).atMost(PATIENCE).until(() -> values.size() >= count);
        }
        return List.copyOf(values);
    }
}
