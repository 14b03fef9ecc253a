package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Provisioning over a backend that does not do what it should. */
class ProvisioningTest {
    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(1);
    private final ScriptedAdapter adapter = new ScriptedAdapter();
    private final CoreClient client =
            OverAdapter.client(runtime.scope("c"), adapter, System.getLogger("ProvisioningTest"));

    @AfterEach
    void end() {
        client.close();
        runtime.close();
    }

    private MessagingException refused() {
        return catchThrowableOfType(MessagingException.class, () -> client.provision("group", List.of("orders")));
    }

    @Test
    void aBackendThatCannotDoItSaysSo() {
        assertThat(refused().code()).isEqualTo(ErrorCode.CAPABILITY_MISSING);
        assertThat(refused()).hasMessageContaining("'group'").hasMessageContaining("Subscribe before sending");
    }

    @Test
    void aBackendThatNeverAnswersIsWaitedForUntilASecondAfterTheConnectTimeout() {
        CompletableFuture<Void> late = runtime.future();
        Loop.Timer unused = runtime.loop("late").schedule(Duration.ofHours(1), () -> late.complete(null));
        adapter.provisioning = spec -> late;
        Duration begun = runtime.elapsed();

        MessagingException error = refused();

        assertThat(error).isInstanceOf(ConsumeException.class).hasMessageContaining("did not answer within PT11S");
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(runtime.elapsed().minus(begun)).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void anInterruptedThreadIsToldSoAndKeepsItsFlag() {
        adapter.provisioning = spec -> new CompletableFuture<>();
        Thread.currentThread().interrupt();

        MessagingException error = refused();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(error).hasMessageContaining("interrupted");
    }

    @Test
    void aThreadOfTheClientIsRefusedInsteadOfWaiting() {
        CompletableFuture<MessagingException> error = new CompletableFuture<>();
        runtime.loop("own").execute(() -> error.complete(refused()));
        runtime.settle();

        assertThat(error.join().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(error.join()).hasMessageContaining("must not wait");
    }

    @Test
    void whatTheBackendThrowsBesidesIsWrapped() {
        adapter.provisioning = spec -> CompletableFuture.failedFuture(new IllegalStateException("odd"));

        assertThat(refused().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(refused()).hasMessageContaining("odd").hasCauseInstanceOf(IllegalStateException.class);
    }
}
