package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import io.microservicekit.messaging.kafka.internal.login.SuppliedCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecuritySettingsTest {
    private static final String CANARY = "CANARY-7f3a\"\\;";

    private final HeardByEngine heard = new HeardByEngine();

    @Test
    void storesBecomeSettingsOfTheDriver() {
        KafkaTls tls = KafkaTls.builder()
                .trust(KafkaStore.pem(Path.of("ca.pem")))
                .identity(KafkaStore.pkcs12(Path.of("me.p12"), Secret.of(CANARY)))
                .build();
        assertThat(SecuritySettings.of(
                        KafkaOptions.builder().brokers("h:1").tls(tls).build()))
                .containsEntry("ssl.enabled.protocols", List.of("TLSv1.2", "TLSv1.3"))
                .containsEntry("ssl.protocol", "TLSv1.3")
                .containsEntry("ssl.truststore.type", "PEM")
                .containsEntry("ssl.truststore.location", "ca.pem")
                .doesNotContainKey("ssl.truststore.password")
                .containsEntry("ssl.keystore.type", "PKCS12")
                .containsEntry("ssl.keystore.location", "me.p12")
                .containsEntry("ssl.keystore.password", new Password(CANARY))
                .containsEntry("ssl.key.password", new Password(CANARY));
    }

    @Test
    void thePasswordOfAUserIsInNoSetting() {
        Map<String, Object> settings = SecuritySettings.of(KafkaOptions.builder()
                .brokers("h:1")
                .sasl(KafkaSasl.scramSha512("alice", Secret.of(CANARY)))
                .build());
        assertThat(settings.toString()).doesNotContain(CANARY);
        assertThat(settings)
                .containsEntry(
                        "sasl.jaas.config",
                        new Password("org.apache.kafka.common.security.scram.ScramLoginModule required;"))
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    }

    @Test
    void aPasswordIsAskedForAtEachAuthentication() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        SuppliedCredentials credentials = credentials(Secret.suppliedBy(() -> "password-" + asked.incrementAndGet()));
        assertThat(answer(credentials)).isEqualTo("alice/password-1");
        assertThat(answer(credentials)).isEqualTo("alice/password-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANARY\n", "CANARY\0x", ""})
    void aPasswordThatCannotTravelIsRefusedWithoutShowingIt(String password) {
        assertThatThrownBy(() -> answer(credentials(Secret.of(password))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'alice'")
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void whatASupplierSaysWhenItFailsIsNotShown() {
        Secret failing = Secret.suppliedBy(() -> {
            throw new IllegalStateException("could not open " + CANARY);
        });
        assertThatThrownBy(() -> answer(credentials(failing)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("java.lang.IllegalStateException")
                .hasMessageNotContaining(CANARY)
                .hasNoCause();
    }

    @Test
    void anErrorOfASupplierIsAFailureToo() {
        Secret failing = Secret.suppliedBy(() -> {
            throw new NoClassDefFoundError(CANARY);
        });
        assertThatThrownBy(() -> answer(credentials(failing)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NoClassDefFoundError.class.getName())
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void whatTheSupplierOfAStorePasswordSaysWhenItFailsIsNotShown() {
        Secret failing = Secret.suppliedBy(() -> {
            throw new IllegalStateException("could not open " + CANARY);
        });
        KafkaTls tls = KafkaTls.builder()
                .identity(KafkaStore.pkcs12(Path.of("me.p12"), failing))
                .build();
        KafkaOptions options = KafkaOptions.builder().brokers("h:1").tls(tls).build();
        KafkaBackend backend = new KafkaBackend(options, context(), new KafkaClients.Real());
        assertThatThrownBy(() -> backend.producer(ProducerSpec.defaults(heard)))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageContainingAll("ssl.keystore.password", "java.lang.IllegalStateException")
                .hasMessageNotContaining(CANARY)
                .hasNoCause();
    }

    @Test
    void clearTextToAnotherMachineIsWarnedOfOnce() {
        open("localhost:1", "127.0.0.1:2", "[::1]:3");
        assertThat(heard.logged()).isEmpty();
        open("localhost:1", "kafka.example:9092");
        assertThat(heard.logged()).singleElement().asString().contains("WARNING", "[kafka.example:9092]", "tls(..)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SASL_PLAINTEXT", "sasl_plaintext", " SASL_PLAINTEXT "})
    void clearTextThatWasAskedForByAPropertyIsWarnedOfToo(String protocol) {
        KafkaOptions options = KafkaOptions.builder()
                .brokers("kafka.example:9092")
                .property("security.protocol", protocol)
                .property("sasl.mechanism", "PLAIN")
                .build();
        new KafkaBackendProvider().open(options, context());
        assertThat(heard.logged()).singleElement().asString().contains("WARNING", "[kafka.example:9092]");
    }

    @Test
    void aShorterSessionHasAShorterHeartbeat() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers("h:1")
                .sessionTimeout(Duration.ofSeconds(2))
                .build();
        assertThat(new ClientSettings(options, context()).consumer("1", "group"))
                .containsEntry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 666)
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "2000");
    }

    private void open(String... brokers) {
        KafkaOptions options = KafkaOptions.builder()
                .brokers(brokers)
                .sasl(KafkaSasl.plain("alice", Secret.of(CANARY)))
                .build();
        new KafkaBackendProvider().open(options, context());
    }

    private BackendContext context() {
        return new BackendContext("client", new ManualRuntime(), heard, heard, Duration.ofSeconds(1));
    }

    private static SuppliedCredentials credentials(Secret password) {
        SuppliedCredentials credentials = new SuppliedCredentials();
        credentials.configure(
                Collections.singletonMap(SuppliedCredentials.SETTING, KafkaSasl.plain("alice", password)),
                "PLAIN",
                List.of());
        return credentials;
    }

    private static String answer(SuppliedCredentials credentials) throws Exception {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        credentials.handle(new Callback[] {name, password});
        return name.getName() + "/" + new String(password.getPassword());
    }
}
