package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

class SocketSetupTest {
    @Test
    void hostNamesAreCheckedAndOnlyTheConfiguredVersionsSpoken() throws Exception {
        try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket()) {
            new SocketSetup(new CapturedSocket(), List.of("TLSv1.3")).configure(socket);

            SSLParameters parameters = socket.getSSLParameters();
            assertThat(parameters.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
            assertThat(parameters.getProtocols()).containsExactly("TLSv1.3");
            assertThat(socket.getTcpNoDelay()).isTrue();
        }
    }
}
