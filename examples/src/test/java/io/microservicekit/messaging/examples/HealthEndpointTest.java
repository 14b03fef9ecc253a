package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final MemoryBroker broker = MemoryBroker.create();
    private final MessagingClient client =
            MessagingClients.builder().backend(broker.options()).build();
    private HealthEndpoint endpoint;

    @BeforeEach
    void serve() throws IOException {
        endpoint = HealthEndpoint.serve(client, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        endpoint.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aClientThatWorksPassesAllProbes() throws Exception {
        for (String path : List.of("/livez", "/readyz", "/progress")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("UP");
        }
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutABrokerTheClientIsNotReadyButNotToBeRestarted() throws Exception {
        broker.disconnect();

        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).startsWith("DOWN\nNo broker answers");
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void thePageOnHealthShowsTheEndpointAsItIsCompiled() throws IOException {
        Snippets snippets = new Snippets(ROOT.resolve("examples/src"));
        for (Snippets.Block block : Snippets.shownIn(page())) {
            assertThat(block.code()).as(block.name()).isEqualTo(snippets.region(block.name()));
        }
    }

    @Test
    void theProbeConfigurationOnThePageNamesPathsThatAreServedAndWaitsLongerThanAReportTakes() throws Exception {
        List<String> paths = found("path: (/\\S+)");
        assertThat(paths).containsExactly("/livez", "/readyz");
        for (String path : paths) {
            assertThat(get(path).statusCode()).isEqualTo(200);
        }
        assertThat(found("timeoutSeconds: (\\d+)"))
                .hasSize(2)
                .allSatisfy(seconds -> assertThat(Integer.parseInt(seconds))
                        .isGreaterThanOrEqualTo(5)); // health() waits four seconds for what does not answer
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/health.md"));
    }

    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(page())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
