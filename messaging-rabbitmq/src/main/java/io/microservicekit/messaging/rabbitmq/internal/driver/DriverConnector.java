package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Connector;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.Attempts;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connects through the driver, each attempt on a thread of its own, since it blocks. */
public final class DriverConnector implements Connector {
    private final DriverSettings settings;
    private final ClientRuntime runtime;
    private final System.Logger logger;
    private final Loop loop;
    private final LastAddress last;
    private final Attempts attempts = new Attempts();

    /**
     * Answers on the loop.
     *
     * @param settings how
     * @param last which address worked last, shared by the connections of a client
     * @param context of the client
     * @param loop of the connection
     */
    public DriverConnector(DriverSettings settings, LastAddress last, BackendContext context, Loop loop) {
        this.settings = settings;
        this.last = last;
        this.runtime = context.runtime();
        this.logger = context.logger();
        this.loop = loop;
    }

    @Override
    public CompletableFuture<BrokerConnection> connect(String name, ConnectionEvents events) {
        CompletableFuture<BrokerConnection> answer = runtime.future();
        runtime.ioThread(name + "-connect", () -> {
            try {
                DriverConnection open = open(name, events);
                loop.execute(() -> opened(open, answer));
            } catch (Throwable e) { // an Error too: else nobody would ever try again
                loop.execute(() -> answer.completeExceptionally(e));
            }
        });
        return answer;
    }

    @Override
    public void close() {
        attempts.close();
    }

    /** Ends the connection that was made last, too, without a word to the broker and without waiting. From any thread, idempotent. */
    public void cut() {
        attempts.cut();
    }

    private static void opened(DriverConnection open, CompletableFuture<BrokerConnection> answer) {
        answer.complete(open);
        open.listen();
    }

    private DriverConnection open(String name, ConnectionEvents events) throws RefusedException {
        RefusedException refused = null;
        Shares shares =
                new Shares(settings.connectTimeout(), settings.addresses().size(), runtime.nanoTime());
        for (DriverSettings.Address address : last.first(settings.addresses())) {
            CapturedSocket socket = attempts.begin();
            try {
                DriverConnection open = connected(
                        address, settings.within(shares.next(runtime.nanoTime())), new Attempted(name, socket, events));
                attempts.succeeded();
                last.works(address, settings.addresses());
                return open;
            } catch (Throwable e) {
                // Of a connection that came too far before it failed nothing may stay.
                socket.close();
                refused = refused(address, e, refused);
            }
        }
        throw refused == null ? new RefusedException(none()) : refused;
    }

    /** A connection that may come of an attempt. */
    private record Attempted(String name, CapturedSocket socket, ConnectionEvents events) {}

    private DriverConnection connected(DriverSettings.Address address, DriverSettings settings, Attempted attempt)
            throws IOException, TimeoutException, RefusedException {
        String name = attempt.name();
        CapturedSocket socket = attempt.socket();
        WatchedFactory factory = DriverFactory.of(settings, new DriverLog(logger, name), name);
        factory.setSocketConfigurator(new SocketSetup(socket, settings.protocols()));
        Connection connection = factory.newConnection(
                new LoopExecutor(loop), List.of(new com.rabbitmq.client.Address(address.host(), address.port())), name);
        Place place = new Place(runtime, loop, name, settings.durable(), factory.last());
        return new DriverConnection(connection, socket, place, attempt.events());
    }

    private static RefusedException refused(
            DriverSettings.Address address, Throwable error, @Nullable RefusedException former) {
        Closure said = Closures.of(error);
        RefusedException refused = new RefusedException(
                new Closure(said.kind(), said.code(), address + ": " + said.text(), true, said.cause()));
        if (former != null) {
            refused.addSuppressed(former);
        }
        return refused;
    }

    private static Closure none() {
        return new Closure(Closure.Kind.DRIVER, 0, "there is no address", true, null);
    }
}
