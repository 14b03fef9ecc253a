package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One random run of a producer over its supervisor and a scripted broker. */
final class PublishRun implements AutoCloseable {
    static final List<String> SITUATIONS = List.of(
            "delivered",
            "UNROUTABLE",
            "refused by the broker",
            "unknown after a loss",
            "unknown at its timeout",
            "not delivered at its timeout",
            "cut while something was unanswered",
            "ended by the close",
            "several sent together",
            "several answered at once",
            "counted and not written");

    private static final String[] TOPICS = {"ok", "ok", "ok", "ok", "nobody", "full", "silent", "unencodable", "missing"
    };

    private final SimulatedRuntime runtime;
    private final SplittableRandom random;
    private final ScriptedBroker broker;
    private final ConnectionSupervisor supervisor;
    private final RabbitMqProducer producer;
    private final Map<String, CompletableFuture<SendResult>> sends = new LinkedHashMap<>();
    private final Map<String, Integer> outcomes = new LinkedHashMap<>();

    PublishRun(long seed) {
        runtime = SimulatedRuntime.seeded(seed);
        random = runtime.random("run");
        Loop loop = runtime.loop("publishing");
        broker = new ScriptedBroker(runtime, loop);
        supervisor = new ConnectionSupervisor(broker, runtime, loop, "run-publish", System.getLogger("silent"));
        producer = new RabbitMqProducer(supervisor, runtime, settings());
        producer.start();
    }

    private static RabbitMqProducer.Settings settings() {
        return new RabbitMqProducer.Settings(
                "x", true, UnroutablePolicy.FAIL, 1 << 20, 1 << 20, System.getLogger("silent"));
    }

    void run() {
        boolean rough = random.nextBoolean();
        int steps = 40 + random.nextInt(60);
        for (int step = 0; step < steps; step++) {
            burst(rough);
            if (rough && random.nextInt(8) == 0) {
                fault();
            }
            runtime.advance(Duration.ofMillis(random.nextInt(60)));
        }
        end();
    }

    private void burst(boolean rough) {
        int messages = random.nextInt(6);
        for (int i = 0; i < messages; i++) {
            String topic = TOPICS[random.nextInt(rough ? TOPICS.length : 7)];
            String value = topic + "-" + sends.size();
            Message message = Message.builder(topic).valueText(value).build();
            Duration timeout = Duration.ofMillis(20 + random.nextInt(3_000));
            sends.put(value, producer.send(message, timeout));
        }
    }

    private void fault() {
        ScriptedBroker.Connection present = broker.present;
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                if (present != null) {
                    noteCut();
                    present.end(ScriptedBroker.cut("reset"));
                }
            }
            case 2 -> broker.refuse(ScriptedBroker.cut("refused"), random.nextInt(3));
            default -> {
                if (present != null) {
                    present.block(true);
                    var unused = runtime.loop("alarm")
                            .housekeeping(Duration.ofMillis(random.nextInt(800)), () -> present.block(false));
                }
            }
        }
    }

    private void noteCut() {
        if (sends.values().stream().anyMatch(send -> !send.isDone())) {
            broker.mark("cut while something was unanswered");
        }
    }

    private void end() {
        Duration limit = Duration.ofMillis(random.nextInt(500));
        long before = sends.values().stream().filter(send -> !send.isDone()).count();
        CompletableFuture<Long> closed = producer.close(limit);
        runtime.advance(limit);
        assertThat(closed).as("closed at its limit").isDone();
        assertThat(closed.join()).isLessThanOrEqualTo(before);
        if (closed.join() > 0) {
            broker.mark("ended by the close");
        }
        CompletableFuture<Void> gone = supervisor.close(Duration.ofMillis(10));
        runtime.advance(Duration.ofSeconds(1));
        assertThat(gone).isDone();
        sends.forEach(this::check);
        checkOrder();
    }

    private void check(String value, CompletableFuture<SendResult> send) {
        assertThat(send).as(value + " has an outcome").isDone();
        MessagingException error = errorOf(send);
        Set<String> stored = new LinkedHashSet<>(broker.stored);
        if (error == null) {
            note("delivered");
            assertThat(value).as("delivered").startsWith("ok");
            assertThat(stored).as("confirmed is stored").contains(value);
        } else if (((SendException) error).outcome() == SendOutcome.NOT_DELIVERED) {
            assertThat(stored).as("not delivered is not stored").doesNotContain(value);
            notDelivered(value, error);
        } else {
            note(error.code() == ErrorCode.TIMEOUT ? "unknown at its timeout" : "unknown after a loss");
        }
    }

    private void notDelivered(String value, MessagingException error) {
        if (error.code() == ErrorCode.UNROUTABLE) {
            note("UNROUTABLE");
            assertThat(value).startsWith("nobody");
        } else if (error.code() == ErrorCode.SEND_MESSAGE) {
            note("refused by the broker");
            assertThat(value).startsWith("full");
        } else if (error.code() == ErrorCode.TOPOLOGY_MISMATCH) {
            note("missing exchange");
            assertThat(value).startsWith("missing");
        } else if (error.code() == ErrorCode.TIMEOUT) {
            note("not delivered at its timeout");
        } else {
            assertThat(error.code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
        }
    }

    private static @Nullable MessagingException errorOf(CompletableFuture<SendResult> send) {
        MessagingException[] error = {null};
        var unused = send.whenComplete((result, thrown) -> error[0] = (MessagingException) thrown);
        return error[0];
    }

    private void note(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** What is confirmed has the order of the calls; what an ended connection left on the way may come in between. Nothing is stored twice. */
    private void checkOrder() {
        List<String> confirmed = new ArrayList<>();
        sends.forEach((value, send) -> {
            if (errorOf(send) == null) {
                confirmed.add(value);
            }
        });
        List<String> stored = new ArrayList<>(broker.stored);
        stored.retainAll(new LinkedHashSet<>(confirmed));
        assertThat(stored).as("confirmed, in the order of the calls").isEqualTo(confirmed);
        assertThat(broker.stored).doesNotHaveDuplicates();
    }

    Map<String, Integer> reached() {
        Map<String, Integer> all = new LinkedHashMap<>(outcomes);
        broker.reached.forEach((situation, times) -> all.merge(situation, times, Integer::sum));
        return all;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
