package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.SocketConfigurator;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Prepares each socket before it connects. The driver keeps one configurator only, and its own check of host names is one: whoever sets another must
 * check them himself.
 */
final class SocketSetup implements SocketConfigurator {
    private final CapturedSocket captured;
    private final List<String> protocols;

    SocketSetup(CapturedSocket captured, List<String> protocols) {
        this.captured = captured;
        this.protocols = protocols;
    }

    @Override
    public void configure(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        if (socket instanceof SSLSocket encrypted) {
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(protocols.toArray(new String[0]));
            encrypted.setSSLParameters(parameters);
        }
        captured.made(socket);
    }
}
