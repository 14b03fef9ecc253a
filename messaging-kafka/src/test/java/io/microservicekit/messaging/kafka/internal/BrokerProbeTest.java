package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

class BrokerProbeTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedAdmin admin = new ScriptedAdmin();
    private final Loop control = runtime.loop("control");
    private final BrokerProbe probe = new BrokerProbe(
            KafkaOptions.builder().brokers("localhost:1").build(),
            new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1)),
            admin::admin);

    @Test
    void theAdminClientIsClosedWithinTheLimit() {
        probe.admin();
        CompletableFuture<Void> closed = probe.close(LIMIT, control);
        assertThat(closed).isNotDone();
        runtime.runAll();
        assertThat(closed).isCompleted();
        assertThat(admin.asked()).containsExactly("close PT0.05S");
    }

    @Test
    void aReasonOtherThanSilenceIsNotCalledSilence() {
        assertThat(failureOf(new UnsupportedVersionException("DescribeCluster is too new")))
                .hasMessageContaining("DescribeCluster is too new")
                .hasMessageNotContaining("none answered");
        assertThat(failureOf(new TimeoutException("nobody"))).hasMessageContaining("none answered within PT1S");
        MessagingException closed = failureOf(new IllegalStateException("Cannot accept new calls"));
        assertThat(closed.code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
    }

    @Test
    void anErrorWhileTheAdminClientIsMadeIsTheAnswer() {
        Error planted = new NoClassDefFoundError("planted");
        BrokerProbe failing = new BrokerProbe(
                KafkaOptions.builder().brokers("localhost:1").build(),
                new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1)),
                () -> {
                    throw planted;
                });
        CompletableFuture<Void> answer = failing.probe();
        runtime.runAll();
        assertThat(answer.handle((done, error) -> error)).isCompletedWithValue(planted);
    }

    private MessagingException failureOf(RuntimeException thrown) {
        BrokerProbe failing = new BrokerProbe(
                KafkaOptions.builder().brokers("localhost:1").build(),
                new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1)),
                () -> {
                    throw thrown;
                });
        CompletableFuture<Void> answer = failing.probe();
        runtime.runAll();
        return (MessagingException) answer.handle((done, error) -> error).join();
    }

    @Test
    void theAdminClientIsClosedAtOnceWhenTheEndOfTheClientWasForced() {
        probe.admin();
        runtime.endThreads();
        assertThat(probe.close(LIMIT, control)).isCompleted();
        assertThat(admin.asked()).containsExactly("close PT0S");
    }

    @Test
    void theAdminClientIsClosedAtOnceWhenThereIsNoMemoryForAThread() {
        probe.admin();
        runtime.lackMemoryForThreads(1);
        assertThat(probe.close(LIMIT, control)).isCompleted();
        assertThat(admin.asked()).containsExactly("close PT0S");
    }
}
