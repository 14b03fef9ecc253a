package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.ConnectionSupervisorSimTest.User;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of attempts to connect that fail, by their reason, in virtual time. */
class RefusedConnectionsSimTest {
    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(7);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final ConnectionSupervisor supervisor =
            new ConnectionSupervisor(broker, runtime, loop, "orders-consume", System.getLogger("silent"));
    private final User user = new User();

    @AfterEach
    void end() {
        runtime.close();
    }

    private void joins() {
        loop.execute(() -> supervisor.join(user));
        runtime.advance(Duration.ofMillis(10));
    }

    private static Throwable errorOf(CompletableFuture<?> future) {
        Throwable[] error = {new IllegalStateException("it has not failed")};
        var unused = future.whenComplete((result, thrown) -> error[0] = thrown);
        return error[0];
    }

    @Test
    void aRefusedLoginIsNotTriedAgainBefore30Seconds() {
        broker.refuse(new Closure(Closure.Kind.BROKER, 403, "ACCESS_REFUSED - Login was refused", true, null), 3);
        joins();
        runtime.advance(Duration.ofSeconds(29));
        assertThat(broker.attempts).isEqualTo(1);
        runtime.advance(Duration.ofMinutes(5));

        assertThat(user.told).as("somebody may have mended the password").containsExactly("connected");
    }

    @Test
    void aSupplierOfCredentialsThatFailsIsAskedAgainWithoutEndAsAfterARefusedLogin() {
        broker.refuse(
                new Closure(Closure.Kind.CREDENTIALS, 0, "the supplier of the credentials threw X", true, null), 10);
        CompletableFuture<Void> probe = supervisor.probe();
        joins();
        runtime.advance(Duration.ofSeconds(29));
        assertThat(broker.attempts).isEqualTo(1);
        assertThat(errorOf(probe))
                .hasMessageContaining("supplier of the credentials")
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.AUTHENTICATION));
        runtime.advance(Duration.ofMinutes(10));

        assertThat(user.told).containsExactly("connected");
    }

    @Test
    void aLimitOfConnectionsIsAskedAgainWithoutEnd() {
        broker.refuse(
                ScriptedBroker.brokerSays(
                        530,
                        "NOT_ALLOWED - access to vhost '/' refused for user 'app': connection limit (10) is reached"),
                10);
        CompletableFuture<Void> probe = supervisor.probe();
        joins();
        runtime.advance(Duration.ofSeconds(10));
        assertThat(broker.attempts).as("by the back-off").isBetween(4, 6);
        assertThat(errorOf(probe))
                .hasMessageContaining("raise the limit")
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE));
        runtime.advance(Duration.ofMinutes(3));

        assertThat(user.told).containsExactly("connected");
    }

    @Test
    void aVirtualHostThatIsMissingEndsItsUsersWhateverItsName() {
        broker.refuse(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - vhost 'limits' not found"), 10);
        joins();
        runtime.advance(Duration.ofMinutes(1));

        assertThat(user.told).containsExactly("failed");
        assertThat(user.failure.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
    }

    @Test
    void whatTheDriverFailsAtIsOneOfSizeOnlyWhenItSaysSo() {
        Closure bug = new Closure(Closure.Kind.DRIVER, 0, "NullPointerException", true, null);
        assertThat(ConnectFailures.endless("c", bug, false).code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        Closure size = new Closure(
                Closure.Kind.DRIVER, 0, "IllegalStateException: Message body is too large (70), maximum", true, null);
        assertThat(ConnectFailures.endless("c", size, false).code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        Closure frame = new Closure(
                Closure.Kind.RECEIVED, 0, "MalformedFrameException: Frame size is invalid (9), maximum", true, null);
        assertThat(ConnectFailures.endless("c", frame, false).code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void anAttemptWithoutAThreadIsMadeAgainByTheBackOffWithoutEnd() {
        broker.withoutThread = 10;
        CompletableFuture<Void> probe = supervisor.probe();
        joins();
        assertThat(supervisor.impediment()).contains("unable to create native thread");
        assertThat(errorOf(probe)).hasMessageContaining("how many threads");
        runtime.advance(Duration.ofSeconds(10));
        assertThat(broker.attempts).as("by the back-off").isBetween(4, 6);
        runtime.advance(Duration.ofMinutes(3));

        assertThat(user.told).containsExactly("connected");
    }

    @Test
    void aHandshakeThatWasCutIsOneOfTheNetworkAndTriedAgainSoon() {
        broker.refuse(handshakeFailed(new EOFException("SSL peer shut down incorrectly")), 1);
        broker.refuse(handshakeFailed(new SocketException("Connection reset")), 1);
        CompletableFuture<Void> probe = supervisor.probe();
        joins();
        runtime.advance(Duration.ofSeconds(3));

        assertThat(user.told).containsExactly("connected");
        assertThat(errorOf(probe))
                .hasMessageContaining("that the broker runs")
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE));
    }

    @Test
    void aCertificateThatIsNotTrustedIsNotTriedAgainBefore30Seconds() {
        broker.refuse(handshakeFailed(new CertificateException("No name matching localhost found")), 1);
        CompletableFuture<Void> probe = supervisor.probe();
        joins();
        runtime.advance(Duration.ofSeconds(29));

        assertThat(broker.attempts).isEqualTo(1);
        assertThat(errorOf(probe))
                .hasMessageContaining("trust store")
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.AUTHENTICATION));
    }

    private static Closure handshakeFailed(Throwable cause) {
        SSLException error = new SSLHandshakeException("handshake");
        error.initCause(cause);
        return new Closure(Closure.Kind.NETWORK, 0, "SSLHandshakeException: handshake", false, error);
    }
}
