package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The driver's settings: our defaults, then the user's, then what our promises rest on. */
final class ClientSettings {
    /** The driver's default. It takes memory only when it needs it. */
    private static final long LEAST_BUFFER = 32L << 20;

    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

    private final KafkaOptions options;
    private final BackendContext context;

    ClientSettings(KafkaOptions options, BackendContext context) {
        this.options = options;
        this.context = context;
    }

    Map<String, Object> producer(String suffix, ProducerSpec spec) {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, buffer(spec.maxInFlightBytes()));
        settings.put(ProducerConfig.RETRIES_CONFIG, 3);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "snappy");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeout(spec.sendTimeout()));
        // The driver's default of 5 ms makes each synchronous send 24 times slower; under load batches fill while
        // requests are in flight.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        addBackoff(settings);
        addKnown(settings, ProducerConfig.configNames());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId(suffix));
        return settings;
    }

    /** What the producer may have in flight fits into it; the driver counts whole batches, partly empty ones too. */
    private static long buffer(long maxInFlightBytes) {
        return Math.max(LEAST_BUFFER, maxInFlightBytes + maxInFlightBytes / 2);
    }

    /** That of the producer, so that the driver decides in time by itself; the driver wants room for one request in it, and then we decide. */
    private int deliveryTimeout(Duration sendTimeout) {
        long least = number(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT.toMillis())
                + number(ProducerConfig.LINGER_MS_CONFIG, 0);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(sendTimeout.toMillis(), least));
    }

    /** What the user set; what is no number the driver refuses. */
    private long number(String property, long otherwise) {
        String text = options.properties().get(property);
        return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : otherwise;
    }

    /**
     * The driver asks again for a topic that it did not find after 100 ms, 200 ms and so on; its own bound of 1 s keeps first messages to a new topic
     * waiting for as long. This one is the pause before the last of three retries, so those stay as they are. A bound below the user's first pause
     * would shorten that.
     */
    private void addBackoff(Map<String, Object> settings) {
        if (!options.properties().containsKey(ProducerConfig.RETRY_BACKOFF_MS_CONFIG)) {
            settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 400);
        }
    }

    Map<String, Object> consumer(String suffix, String group) {
        Map<String, Object> settings = common();
        addHeartbeat(settings);
        addKnown(settings, ConsumerConfig.configNames());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId(suffix));
        if (!"consumer".equalsIgnoreCase(options.properties().get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            settings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return settings;
    }

    /** The driver refuses a session that is shorter than its heartbeat. */
    private void addHeartbeat(Map<String, Object> settings) {
        String session = options.properties().get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        if (session != null && session.matches("[0-9]{1,9}")) {
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(3_000, Integer.parseInt(session) / 3));
        }
    }

    Map<String, Object> admin(String suffix) {
        Map<String, Object> settings = common();
        addKnown(settings, AdminClientConfig.configNames());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId(suffix));
        return settings;
    }

    private String clientId(String suffix) {
        return context.clientId() + "-" + suffix;
    }

    private Map<String, Object> common() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, options.brokers());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_TIMEOUT.toMillis());
        // Nobody asked for telemetry to the broker, and it delays every close.
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 30_000);
        settings.put(
                CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG,
                context.connectTimeout().toMillis());
        settings.putAll(SecuritySettings.of(options));
        return settings;
    }

    private void addKnown(Map<String, Object> settings, Set<String> names) {
        options.properties().forEach((name, value) -> {
            if (names.contains(name)) {
                settings.put(name, value);
            }
        });
    }
}
