package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.HandlerWork;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A member is closed while another one, whose handlers run, keeps the group from its next assignment: meanwhile it takes no commit. */
@ExtendWith(KafkaServerExtension.class)
class CloseDuringRebalanceIT {
    private static final String CHANGE = "close-while-moving";
    private static final int PARTITIONS = 6;
    /** So long the group is between two assignments: several looks on a busy machine, and no longer than a close waits for a broker, 10 s. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final MessageHandler QUICK = HandlerWork.taking(Duration.ofMillis(1));

    private final KafkaUnderTest backend;
    private final Gate gate = new Gate(QUICK);

    CloseDuringRebalanceIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
    }

    @Fault("F6")
    @Test
    void whatTheMemberHasHandledIsCommittedBeforeItLeaves(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir);
                MessagingClient sending = client();
                MessagingClient leaving = client();
                MessagingClient slow = MessagingClients.builder()
                        .backend(backend.optionsBuilder().revokeDrain(DRAIN).build())
                        .build();
                MessagingClient newcomer = client()) {
            Work work = Work.on(backend, run, "close-moving", PARTITIONS);
            LedgeredHandler handled = work.handler("leaving", QUICK);
            subscribe(leaving, work, handled).awaitReady(PATIENCE);
            subscribe(slow, work, work.handler("slow", gate)).awaitReady(PATIENCE);
            LedgeredSender sender = new LedgeredSender(run, sending.producer(), work.topic());
            work.sampled(gate.openAfter(() -> {
                sender.during(500, 60, gate.openAfter(() -> {
                    Work.awaitHandled(handled, 100);
                    gate.close();
                    await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
                    work.begin(CHANGE);
                    subscribe(newcomer, work, work.handler("newcomer", QUICK));
                    awaitThatNothingIsCommitted(work, handled);
                    leaving.shutdown(Duration.ofSeconds(30));
                    work.end(CHANGE);
                }));
                work.awaitDrained();
            }));
            work.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    // One for each handler of the slow member, which outlives the drain.
                    .duplicatesPer(CHANGE, PARTITIONS / 2)
                    .plansEach(CHANGE, 1, Bite.HANDLER_RUNNING));
        } finally {
            backend.close();
        }
    }

    /** Of what is handled meanwhile; a member that can commits each second. */
    private void awaitThatNothingIsCommitted(Work work, LedgeredHandler handled) {
        await("a group between two assignments").atMost(PATIENCE).until(() -> {
            SortedMap<Integer, Long> before = backend.committed(work.group(), work.topic());
            int count = handled.handled();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            return handled.handled() - count > 100 && before.equals(backend.committed(work.group(), work.topic()));
        });
    }

    private static Subscription subscribe(MessagingClient client, Work work, MessageHandler handler) {
        return client.consumer(work.group()).subscribe(work.topic(), handler);
    }

    private MessagingClient client() {
        return MessagingClients.builder().backend(backend.options()).build();
    }
}
