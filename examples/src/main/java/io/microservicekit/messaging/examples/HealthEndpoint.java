package io.microservicekit.messaging.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthVerdict;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.UnfinishedMessage;
import io.microservicekit.messaging.api.message.MessagingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The probes of Kubernetes over HTTP, with nothing but the JDK: {@code /livez}, {@code /readyz}, {@code /progress}, and {@code /health}. */
public final class HealthEndpoint implements AutoCloseable {
    private final HttpServer server;
    /** Several threads: a readiness probe that waits for a silent broker must not keep a liveness probe waiting. */
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    private HealthEndpoint(HttpServer server) {
        this.server = server;
    }

    // tag::endpoint[]
    /**
     * Serves the health of a client.
     *
     * @param client the client; stays the caller's
     * @param address where to listen; port 0 chooses a free one
     * @return the running endpoint
     * @throws IOException when the address cannot be listened on
     */
    public static HealthEndpoint serve(MessagingClient client, InetSocketAddress address) throws IOException {
        HealthEndpoint endpoint = new HealthEndpoint(HttpServer.create(address, 0));
        endpoint.probe("/livez", client, HealthReport::liveness);
        endpoint.probe("/readyz", client, HealthReport::readiness);
        endpoint.probe("/progress", client, HealthReport::progress);
        endpoint.server.createContext("/health", exchange -> answer(exchange, brokerAnswers(client), ""));
        endpoint.server.setExecutor(endpoint.threads);
        endpoint.server.start();
        return endpoint;
    }

    private void probe(String path, MessagingClient client, Function<HealthReport, HealthVerdict> question) {
        server.createContext(path, exchange -> {
            HealthReport report = client.health();
            HealthVerdict verdict = question.apply(report);
            answer(exchange, verdict.passes() ? 200 : 503, text(verdict, report));
        });
    }

    private static int brokerAnswers(MessagingClient client) {
        try {
            client.healthCheck(Duration.ofSeconds(2));
            return 200;
        } catch (MessagingException e) {
            return 503;
        }
    }
    // end::endpoint[]

    private static String text(HealthVerdict verdict, HealthReport report) {
        UnfinishedMessage oldest = report.oldestUnfinished();
        return verdict.status() + "\n" + String.join("\n", verdict.reasons())
                + (oldest == null ? "" : "\noldest unfinished: " + oldest);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.strip().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /**
     * The port it listens on.
     *
     * @return the port
     */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
