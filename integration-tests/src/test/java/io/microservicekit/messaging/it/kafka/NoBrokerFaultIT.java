package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@Fault("F33")
class NoBrokerFaultIT {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);

    @Test
    void withoutABrokerTheClientIsRefusedWithinItsConnectTimeoutAndSaysWhereItLooked() throws Exception {
        String nowhere = "127.0.0.1:" + closedPort();
        refused(nowhere);
    }

    @Test
    void aPortThatAcceptsAndNeverAnswersIsNoBrokerEither() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, loopback())) {
            refused("127.0.0.1:" + silent.getLocalPort());
        }
    }

    private static void refused(String address) throws Exception {
        MessagingClientBuilder builder = MessagingClients.builder()
                .backend(KafkaOptions.builder().brokers(address).build())
                .connectTimeout(CONNECT);
        BackendUnavailableException refusal = within(
                CONNECT.plus(GRACE),
                watch -> watch.time(() -> catchThrowableOfType(BackendUnavailableException.class, builder::build)));
        assertThat(refusal).hasMessageContaining(address).hasMessageContaining("PT3S");
        assertThat(refusal.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(MessagingException.is(refusal, ErrorCode.NO_BROKERS_AVAILABLE))
                .isTrue();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
