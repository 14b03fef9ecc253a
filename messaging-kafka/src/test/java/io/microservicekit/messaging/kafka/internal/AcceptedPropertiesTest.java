package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code build()} accepts the driver takes: each row makes a producer, a consumer and an admin client of the real driver. No broker is there. */
class AcceptedPropertiesTest {
    private static final System.Logger LOGGER = System.getLogger("test");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    max.in.flight.requests.per.connection=1
                    retries=10
                    max.poll.interval.ms=600000
                    group.protocol=Consumer
                    group.protocol=' consumer'
                    group.protocol='classic '
                    metric.reporters=''
                    fetch.max.bytes=1000000
                    fetch.max.bytes=' 1000000 '
                    request.timeout.ms=60000
                    request.timeout.ms='40000 '
                    request.timeout.ms='\t100'
                    session.timeout.ms=1000
                    session.timeout.ms='2000 '
                    heartbeat.interval.ms=44999
                    heartbeat.interval.ms=' 44999'
                    default.api.timeout.ms=15000
                    default.api.timeout.ms=5000 & request.timeout.ms=5000
                    buffer.memory.allocation.strategy=full
                    buffer.memory.allocation.strategy=Incremental & compression.type=none
                    linger.ms=86400000
                    linger.ms=86400000 & request.timeout.ms=60000
                    enable.metrics.push=true
                    compression.type=zstd
                    compression.type='lz4 '
                    security.protocol='SASL_PLAINTEXT ' & sasl.mechanism=PLAIN & sasl.jaas.config='org.apache.kafka.common.security.plain.PlainLoginModule required username=u password=p; '
                    """)
    void whatBuildAcceptsTheDriverTakes(String properties) {
        makeAll(options(properties).build());
    }

    private static KafkaOptionsBuilder options(String properties) {
        KafkaOptionsBuilder options = KafkaOptions.builder().brokers("127.0.0.1:1");
        for (String property : properties.split(" & ", -1)) {
            String[] pair = property.split("=", 2);
            options.property(pair[0], pair[1].replaceAll("^'|'$", "").replace("\\t", "\t"));
        }
        return options;
    }

    private static void makeAll(KafkaOptions options) {
        BackendContext context = new BackendContext(
                "client", new ManualRuntime(), LOGGER, new MessagingObserver() {}, Duration.ofSeconds(10));
        ClientSettings settings = new ClientSettings(options, context);
        KafkaClients clients = new KafkaClients.Real();
        ProducerSpec spec = ProducerSpec.defaults(LOGGER);
        Producer<byte[], byte[]> producer = clients.producer(settings.producer("producer", spec));
        assertThat(producer.metrics()).isNotEmpty();
        producer.close(Duration.ZERO);
        Consumer<byte[], byte[]> consumer = clients.consumer(settings.consumer("consumer", "group"));
        assertThat(consumer.metrics()).isNotEmpty();
        consumer.close();
        Admin admin = clients.admin(settings.admin("admin"));
        assertThat(admin.metrics()).isNotEmpty();
        admin.close(Duration.ZERO);
    }
}
