package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.internal.KafkaBackendProvider;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Consumers of the Kafka adapter at the SPI, without the engine, that look for changes of their topics each second; closed together. */
final class AdapterMembers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ClientRuntime runtime = new SystemRuntime(null, System.getLogger("it"));
    private final Queue<PositionReset> resets = new ConcurrentLinkedQueue<>();
    private final List<BackendMember> members = new ArrayList<>();
    private final Backend backend;

    AdapterMembers(KafkaServer server, Map<String, String> properties) {
        KafkaOptionsBuilder options =
                KafkaOptions.builder().brokers(server.bootstrapServers()).property("metadata.max.age.ms", "1000");
        properties.forEach(options::property);
        MessagingObserver observer = new MessagingObserver() {
            @Override
            public void positionReset(PositionReset event) {
                resets.add(event);
            }
        };
        backend = new KafkaBackendProvider()
                .open(options.build(), new BackendContext("it", runtime, System.getLogger("it"), observer, LIMIT));
    }

    BackendMember join(String group, String topic) {
        return join(group, topic, StartPosition.NEWEST);
    }

    BackendMember join(String group, String topic, StartPosition start) {
        ConsumerSpec spec = new ConsumerSpec(
                group, List.of(topic), start, OrderingMode.PARTITION, 16, 100_000, null, System.getLogger("test"));
        BackendMember member = BackendMember.join(listener -> backend.consumer(spec, listener));
        members.add(member);
        return member;
    }

    /** Joins and returns when it is ready. */
    BackendMember joinReady(String group, String topic) throws Exception {
        BackendMember member = join(group, topic);
        member.readiness().get(60, TimeUnit.SECONDS);
        return member;
    }

    void leave(BackendMember member) throws Exception {
        member.consumer().close(LIMIT).get(10, TimeUnit.SECONDS);
    }

    /** What all members together have received. */
    List<String> values() {
        return members.stream().flatMap(member -> member.values().stream()).toList();
    }

    /** All that was reported, from any member. */
    List<PositionReset> resets() {
        return List.copyOf(resets);
    }

    /** Partitions that are held, of all members. */
    Stream<Integer> held() {
        return members.stream().flatMap(member -> member.held().stream()).map(each -> each.partition());
    }

    @Override
    public void close() {
        try {
            for (BackendMember member : members) {
                leave(member);
            }
            backend.close(LIMIT).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the members did not end", e);
        } finally {
            runtime.close();
        }
    }
}
