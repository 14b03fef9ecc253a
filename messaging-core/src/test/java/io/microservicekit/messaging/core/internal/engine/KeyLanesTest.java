package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyLanesTest {
    private static final Assignment QUEUE = new Assignment("queue", -1, 1);

    private final Holding holding = new Holding(
            QUEUE,
            new EngineLimits(
                    16, 10_000, 1L << 40, 100_000, 0, false, ExhaustedPolicy.BLOCK, false, false, OrderingMode.KEY));
    private long lastTag;
    private long lastRun;

    private ReceivedMessage message(String topic, @Nullable String key) {
        Message.Builder message = Message.builder(topic).value(new byte[1]);
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return ReceivedMessage.of(message.key(bytes).build(), new MessagePosition(topic, -1, -1, 1, ++lastTag), "g");
    }

    private int keys() {
        return ((KeyLanes) holding.lanes).keys();
    }

    private List<Lane> startAll() {
        List<Lane> started = new ArrayList<>();
        for (Lane lane = holding.next(any -> false); lane != null; lane = holding.next(any -> false)) {
            holding.start(lane, ++lastRun);
            started.add(lane);
        }
        return started;
    }

    private void finish(Lane lane) {
        lane.countRun(lane.claim());
        lane.idle();
        holding.freed(lane);
    }

    @Test
    void keysAreEqualByContentAndApartByTopicAndWhenTheirHashesAreEqual() {
        holding.deliver(
                List.of(
                        message("t", "Aa"),
                        message("t", "BB"),
                        message("u", "Aa"),
                        message("t", "Aa"),
                        message("Aa", "k"),
                        message("BB", "k"),
                        message("t", ""),
                        message("t", null),
                        message("t", null)),
                0);

        assertThat(keys()).isEqualTo(6);
        assertThat(startAll()).extracting(Lane::claim).containsExactly(2, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void aMillionKeysLeaveNothingBehindOnceTheirMessagesAreHandled() {
        for (int round = 0; round < 1_000; round++) {
            List<ReceivedMessage> messages = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                messages.add(message("t", "key-" + round + "-" + i));
            }
            holding.deliver(messages, 0);
            assertThat(keys()).isEqualTo(1_000);
            startAll().forEach(this::finish);
            holding.acks.passOn();
            holding.acks.taken(lastTag);
        }

        assertThat(keys()).isZero();
        assertThat(holding.inFlight()).isZero();
        assertThat(holding.inFlightBytes()).isZero();
        assertThat(holding.acks.finished()).isEqualTo(1_000_000);
        assertThat(holding.dump())
                .isEqualTo("queue#1 acks=1000000/1000000/1000000 handled=1000000 window upTo=1000000" + " of 1000000 ");
    }

    @Test
    void whateverIsStartedAndFinishedEachKeyIsInItsOrder() {
        SplittableRandom random = new SplittableRandom(7);
        TreeMap<String, Long> last = new TreeMap<>();
        List<Lane> running = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (running.isEmpty() || random.nextInt(3) == 0) {
                holding.deliver(List.of(message("t", "k" + random.nextInt(50)), message("t", "k7")), 0);
                running.addAll(startAll());
            } else {
                Lane lane = running.remove(random.nextInt(running.size()));
                ReceivedMessage head = lane.first();
                String key = String.valueOf(head.keyText());
                assertThat(head.position().tag()).isGreaterThan(last.getOrDefault(key, 0L));
                last.put(key, head.position().tag());
                finish(lane);
                running.addAll(startAll());
            }
        }
        assertThat(keys()).isLessThanOrEqualTo(50);
    }
}
