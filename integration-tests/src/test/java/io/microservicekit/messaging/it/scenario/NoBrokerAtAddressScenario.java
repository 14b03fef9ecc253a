package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** The same where a broker has an address, behind which there may also be somebody else. */
public abstract class NoBrokerAtAddressScenario extends NoBrokerScenario<BackendUnderTest> {
    private final String address;

    /** A broker that is at an address. */
    protected NoBrokerAtAddressScenario(BackendUnderTest backend, String address) {
        super(backend);
        this.address = address;
    }

    /** Options that lead a client to an address. */
    protected abstract BackendOptions optionsAt(String somewhere);

    @Override
    protected Way closedWay() {
        return new Proxied();
    }

    @Test
    void aPortThatAcceptsAndNeverAnswersIsNoBrokerEither() throws Exception {
        try (Way silent = new Silent()) {
            assertRefused(silent);
        }
    }

    /** Refuses connections, as a machine does on which no broker runs. */
    private final class Proxied implements Way {
        private final FaultProxy proxy =
                FaultProxy.to(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));

        Proxied() {
            proxy.refuse();
        }

        @Override
        public BackendOptions options() {
            return optionsAt(where());
        }

        @Override
        public String where() {
            return proxy.address();
        }

        @Override
        public void open() {
            proxy.heal();
        }

        @Override
        public void close() {
            proxy.close();
        }
    }

    /** A port at which somebody listens and says nothing. */
    private final class Silent implements Way {
        private final ServerSocket socket = listening();

        private static ServerSocket listening() {
            try {
                return new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            } catch (IOException e) {
                throw new IllegalStateException("no port is free", e);
            }
        }

        @Override
        public BackendOptions options() {
            return optionsAt(where());
        }

        @Override
        public String where() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void open() {
            throw new UnsupportedOperationException("nobody is behind it");
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException("the port could not be closed", e);
            }
        }
    }
}
