package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A channel that stands still is given up, and says later that it is closed. */
class LateAnswerTest {
    private static ConsumingChannel open(ScriptedNode node) throws Exception {
        return node.connection.consumingChannel(ChannelEvents.NOBODY).get(10, TimeUnit.SECONDS);
    }

    private static void close(ConsumingChannel channel) throws Exception {
        channel.close(Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS);
    }

    private static void assertThatItWorks(ScriptedNode node, ConsumingChannel channel) {
        assertThat(channel.prefetch(1)).succeedsWithin(Duration.ofSeconds(10));
        assertThat(node.isOpen()).isTrue();
    }

    @Test
    void theLateAnswerToACloseThatWasGivenUpIsNotTakenForThatOfTheNextChannel() throws Exception {
        try (ScriptedNode node = new ScriptedNode(1)) {
            close(open(node));

            assertThatItWorks(node, open(node));
        }
    }

    /** Its number is left out when they are given again: the next one gets another than the one that is given up. */
    @Test
    void norIsItWhereAnotherChannelHasLivedForLong() throws Exception {
        try (ScriptedNode node = new ScriptedNode(4)) {
            ConsumingChannel living = open(node);
            close(open(node));
            close(open(node));
            close(open(node));

            assertThatItWorks(node, open(node));
            assertThatItWorks(node, living);
        }
    }

    /** A health check relies on it. */
    @Test
    void whatCameForItsChannelsIsCounted() throws Exception {
        try (ScriptedNode node = new ScriptedNode(0)) {
            assertThat(node.connection.heard()).isZero();
            ConsumingChannel channel = open(node);
            assertThat(node.connection.heard()).isEqualTo(1);
            assertThatItWorks(node, channel);
            assertThat(node.connection.heard()).isEqualTo(2);
        }
    }
}
