package io.microservicekit.messaging.rabbitmq.internal.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is said of a right that is missing; the texts are those of 3.10.8 and 4.3.6. */
class RefusalsTest {
    private final Refusals refusals = new Refusals("Consuming [a] in group 'q'", true);

    private void needs(Kind kind, String said, String right) {
        TopologyStep step = TopologyStep.ofQueue(kind, "q", c -> new CompletableFuture<>());
        Closure closure = new Closure(
                Closure.Kind.BROKER,
                403,
                "ACCESS_REFUSED - " + said + " in vhost '/' refused for user 'u'",
                false,
                null);

        assertThat(refusals.forGood(step, closure))
                .hasMessageContaining(" queue 'q' needs the right " + right + " (403")
                .extracting("code")
                .isEqualTo(ErrorCode.AUTHORIZATION);
    }

    @Test
    void aBrokerThatSaysWhichRightIsMissingIsRepeated() {
        needs(Kind.CHECK, "configure access to queue 'q'", "'configure' on queue 'q'");
        needs(Kind.BIND, "read access to exchange 'ex'", "'read' on exchange 'ex'");
        needs(Kind.BIND, "write access to queue 'q'", "'write' on queue 'q'");
        needs(Kind.CONSUME, "read access to queue 'q'", "'read' on queue 'q'");
    }

    @Test
    void ofABrokerThatDoesNotSayItFollowsFromWhatWasAsked() {
        needs(Kind.DECLARE, "access to queue 'q'", "'configure' on queue 'q'");
        needs(Kind.BIND, "access to exchange 'ex'", "'read' on exchange 'ex'");
        needs(Kind.BIND, "access to queue 'q'", "'write' on queue 'q'");
        needs(Kind.CONSUME, "access to queue 'q'", "'read' on queue 'q'");
    }

    @Test
    void theRightToATopicIsNamedWithItsExchangeAndItsOwnCommand() {
        needs(Kind.BIND, "access to topic 'b' in exchange 'ex'", "'read' on topic 'b' of exchange 'ex'");
        needs(Kind.BIND, "read access to topic 'b' in exchange 'ex'", "'read' on topic 'b' of exchange 'ex'");
        Closure closure = new Closure(
                Closure.Kind.BROKER, 403, "ACCESS_REFUSED - read access to topic 'b' in exchange 'ex'", false, null);
        assertThat(refusals.forGood(TopologyStep.ofQueue(Kind.BIND, "q", c -> new CompletableFuture<>()), closure))
                .hasMessageContaining("set_topic_permissions");
    }
}
