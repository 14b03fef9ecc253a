package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.rabbitmq.SendRecord.End;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Confirmed, refused, returned and lost messages mixed on one channel: each send gets its own outcome, not that of another. */
@Fault({"F3", "F15", "F17"})
@ExtendWith(FaultNode.class)
class MixedOutcomesFaultIT {
    private static final int IN_FLIGHT_EACH = 300;
    private static final int CUTS = 2;

    private final RabbitMqServer server;
    private final SendRecord record = new SendRecord();
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String taken = "taken-" + suffix;
    private final String full = "full-" + suffix;
    private final String nowhere = "nowhere-" + suffix;

    MixedOutcomesFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void eachSendHasItsOwnOutcomeOnAChannelThatIsCutTwice() throws Exception {
        mix(new Size(8, 2_500), 300);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void eachOfManySendsHasItsOwnOutcomeOnAChannelThatIsCutTwice() throws Exception {
        mix(new Size(32, 10_000), 1_000);
    }

    private record Size(int threads, int sendsEach) {
        int all() {
            return threads * sendsEach;
        }
    }

    private void mix(Size size, int often) throws Exception {
        declareQueues();
        try (FaultProxy network = FaultProxy.to(port());
                MessagingClient client = MessagingClients.builder()
                        .backend(RabbitMqOptions.builder()
                                .brokers(network.address())
                                .build())
                        .build();
                MessageProducer producer = client.producer()) {
            run(size, producer, network);
        }
        Map<End, Long> counts = record.counts();
        System.out.println(record.begun() + " sends: " + counts + ", " + record.late() + " ended by their deadline");
        List<String> held = new ArrayList<>(SendRecord.take(server, taken));
        held.addAll(SendRecord.take(server, full));
        record.assertAgreesWith(held);
        assertThat(record.begun()).isEqualTo(size.all());
        for (End end : List.of(End.CONFIRMED, End.NACKED, End.RETURNED, End.UNKNOWN, End.CANCELLED)) {
            assertThat(counts.getOrDefault(end, 0L)).as("did not test: %s", end).isGreaterThanOrEqualTo(often);
        }
        assertThatDeadlinesHaveEnded(size, counts.getOrDefault(End.REFUSED, 0L));
        assertThat(counts.get(End.NACKED)).as("did not test: refused").isGreaterThan(size.all() / 20);
        assertThat(counts.get(End.RETURNED)).as("did not test: returned").isGreaterThan(size.all() / 20);
        assertThat(record.topicsOf(End.NACKED)).containsExactly(full);
        assertThat(record.topicsOf(End.RETURNED)).containsExactly(nowhere);
    }

    /** Half of the sends that have a deadline: each waits behind the thousands in flight. */
    private void assertThatDeadlinesHaveEnded(Size size, long unwritten) {
        assertThat(record.late()).as("did not test: deadlines").isGreaterThan(size.all() / 100);
        assertThat(unwritten).as("did not test: ended before they were written").isGreaterThan(size.all() / 1_000);
        assertThat(record.late() - unwritten)
                .as("did not test: ended after they were written")
                .isGreaterThan(size.all() / 1_000);
    }

    private int port() {
        String address = server.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private void declareQueues() throws Exception {
        try (Connection connection = RawRabbitMq.connect(server, "declarer");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(taken, true, false, false, Map.of());
            channel.queueDeclare(full, true, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
            channel.queueBind(taken, "amq.topic", taken);
            channel.queueBind(full, "amq.topic", full);
        }
    }

    private void run(Size size, MessageProducer producer, FaultProxy network) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(size.threads());
        try {
            SplittableRandom random = Seed.random();
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < size.threads(); i++) {
                Sender sender = new Sender(producer, random.split());
                senders.add(threads.submit(() -> sender.send(size.sendsEach())));
            }
            for (int cut = 1; cut <= CUTS; cut++) {
                cutAt(size.all() * cut / (CUTS + 1), size, network);
            }
            for (Future<?> sender : senders) {
                sender.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Cuts when many messages are at the broker whose confirmations are not here. */
    private void cutAt(long begun, Size size, FaultProxy network) {
        await("sends before the cut").atMost(PATIENCE).until(() -> record.begun() >= begun);
        network.stallToClient();
        await("sends without an outcome")
                .atMost(PATIENCE)
                .until(() -> record.begun() - record.ended() >= size.threads() * IN_FLIGHT_EACH / 2);
        assertThat(network.reset()).as("connections cut").isPositive();
        network.heal();
    }

    /** One of the threads. */
    private final class Sender {
        private final MessageProducer producer;
        private final SplittableRandom random;
        private final Semaphore room = new Semaphore(IN_FLIGHT_EACH);

        Sender(MessageProducer producer, SplittableRandom random) {
            this.producer = producer;
            this.random = random;
        }

        void send(int count) {
            for (int i = 0; i < count; i++) {
                Message message = record.next(topic());
                if (random.nextInt(100) < 2) {
                    sendInTime(message, Duration.ofMillis(random.nextInt(1, 20)));
                } else {
                    sendAsync(message, random.nextInt(100) < 5);
                }
            }
            room.acquireUninterruptibly(IN_FLIGHT_EACH);
        }

        private String topic() {
            int dice = random.nextInt(100);
            return dice < 15 ? full : dice < 30 ? nowhere : taken;
        }

        private void sendInTime(Message message, Duration timeout) {
            try {
                SendResult unused = producer.send(message, timeout);
                record.ended(message, null);
            } catch (SendException e) {
                record.ended(message, e);
            }
        }

        private void sendAsync(Message message, boolean cancelled) {
            room.acquireUninterruptibly();
            CompletableFuture<SendResult> sending = producer.sendAsync(message);
            var unused = sending.whenComplete((result, error) -> {
                record.ended(message, error);
                room.release();
            });
            if (cancelled) {
                sending.cancel(false);
            }
        }
    }
}
