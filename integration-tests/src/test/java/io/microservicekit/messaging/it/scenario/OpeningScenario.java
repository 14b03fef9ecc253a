package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a client is told of its broker and of an option of its backend, it is opened with them. */
public abstract class OpeningScenario<B extends BackendUnderTest> {
    private static final Duration CONNECT = Duration.ofSeconds(1);

    protected final B backend;

    /** Of this test alone, and so is its group of the same name. */
    protected final String topic = "opened-" + UUID.randomUUID().toString().substring(0, 8);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> awaited = new ArrayList<>();

    protected OpeningScenario(B backend) {
        this.backend = backend;
    }

    /**
     * What a client is told.
     *
     * @param type the backend's name
     * @param addressKey the key of the configuration for its address
     * @param address where the broker is
     * @param option the name of an option of this backend
     * @param value its value, which is not the default
     */
    public record Told(String type, String addressKey, String address, String option, String value) {}

    /** Ways to say it. */
    protected enum Way {
        TYPE_AND_ADDRESS,
        TYPED_OPTIONS,
        MAP,
        PROPERTIES,
        ENVIRONMENT
    }

    /** What the client is told. */
    protected abstract Told told();

    /** A builder that was told the type and an address. */
    protected abstract MessagingClientBuilder at(String address);

    /** The same as typed options. */
    protected abstract BackendOptions typed(Told told);

    /** Fails unless the option counts at the broker, which a client that consumes the topic was opened with. */
    protected abstract void assertOptionCounts(Told told) throws Exception;

    /** The seed's keys for the address, and some for the options of this backend. */
    protected abstract Map<String, ?> seedsKeys();

    /** An address at which nobody is. */
    protected abstract String addressOfNobody();

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @ParameterizedTest
    @EnumSource
    void aClientIsOpenedAtItsBrokerWithItsOption(Way way) throws Exception {
        backend.createTopic(topic, 1);
        try (MessagingClient client = builder(way, told()).build()) {
            client.consumer(topic).subscribe(topic, this::note).awaitReady(PATIENCE);
            client.producer().send(message("ours"));
            awaitReceived("ours");
            assertOptionCounts(told());
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(awaited);
    }

    private MessagingClientBuilder builder(Way way, Told told) {
        String option = told.type() + "." + told.option();
        return switch (way) {
            case TYPE_AND_ADDRESS -> at(told.address()).config(MessagingConfig.from(Map.of(option, told.value())));
            case TYPED_OPTIONS -> MessagingClients.builder().backend(typed(told));
            case MAP -> configured(MessagingConfig.from(nested(told)));
            case PROPERTIES -> configured(MessagingConfig.from(properties(told, option)));
            case ENVIRONMENT -> configured(MessagingConfig.fromEnvironment(environment(told)));
        };
    }

    private static MessagingClientBuilder configured(MessagingConfig config) {
        return MessagingClients.builder().config(config);
    }

    private static Map<String, ?> nested(Told told) {
        return Map.of(
                "type",
                told.type(),
                told.addressKey(),
                told.address(),
                told.type(),
                Map.of(told.option(), told.value()));
    }

    private static Properties properties(Told told, String option) {
        Properties properties = new Properties();
        properties.setProperty("type", told.type());
        properties.setProperty(told.addressKey(), told.address());
        properties.setProperty(option, told.value());
        return properties;
    }

    private static Map<String, String> environment(Told told) {
        return Map.of(
                "MESSAGING_TYPE",
                told.type(),
                "MESSAGING_" + told.addressKey().toUpperCase(Locale.ROOT),
                told.address(),
                "MESSAGING_" + (told.type() + "_" + told.option()).toUpperCase(Locale.ROOT),
                told.value());
    }

    /** Returns when a message was handled. */
    protected final void awaitReceived(String value) {
        awaited.add(value);
        await().atMost(PATIENCE).until(() -> received.contains(value));
    }

    private void note(ReceivedMessage message) {
        received.add(String.valueOf(message.valueText()));
    }

    private Message message(String value) {
        return Message.builder(topic).valueText(value).build();
    }

    @Test
    void directProducersAndConsumersMadeFromTheSeedsKeysWorkAndLeaveNoThread() {
        backend.createTopic(topic, 1);
        MessagingConfig keys = MessagingConfig.from(seedsKeys());
        try (MessageConsumer consumer = configured(keys).clientId(topic + "-c").openConsumer(topic);
                MessageProducer producer =
                        configured(keys).clientId(topic + "-p").openProducer()) {
            consumer.subscribe(topic, this::note).awaitReady(PATIENCE);
            producer.send(message("one"));
            awaitReceived("one");
            assertThat(threadsOf(topic + "-p")).isPositive();
            assertThat(threadsOf(topic + "-c")).isPositive();
        }

        assertThat(threadsOf(topic)).isZero();
        assertThat(received).containsExactly("one");
    }

    /** The driver's own threads bear the client id in their names as well. */
    private static long threadsOf(String clientId) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().contains(clientId))
                .count();
    }

    @Test
    void withoutABrokerEachOpeningFailsWithinTheConnectTimeoutByItsOwnCode() throws Exception {
        MessagingClientBuilder nobody = at(addressOfNobody()).connectTimeout(CONNECT);

        assertThat(failure(nobody::build)).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(failure(nobody::openProducer)).isEqualTo(ErrorCode.CREATE_PRODUCER);
        assertThat(failure(() -> nobody.openConsumer("group"))).isEqualTo(ErrorCode.CREATE_CONSUMER);
    }

    private static ErrorCode failure(Callable<?> opening) throws Exception {
        BackendUnavailableException error = within(
                CONNECT.plusSeconds(1),
                watch -> watch.time(() -> catchThrowableOfType(BackendUnavailableException.class, opening::call)));
        assertThat(MessagingException.is(error.getCause(), ErrorCode.NO_BROKERS_AVAILABLE))
                .isTrue();
        return error.code();
    }
}
