package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers of one group join and leave under load; each is a client of its own. */
@Fault("F6")
@ExtendWith(KafkaServerExtension.class)
class MembersFaultIT {
    private static final String CHANGE = "members-change";
    private static final int PARTITIONS = 6;
    private static final int AT_MOST = 4;

    private final KafkaUnderTest backend;
    private final Gate gate = new Gate(HandlerWork.taking(Duration.ofMillis(1)));
    private final List<Member> members = new ArrayList<>();
    private int joined;
    private int revocations;

    MembersFaultIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
    }

    @AfterEach
    void close() {
        gate.open();
        members.forEach(member -> member.client().shutdown(Duration.ZERO));
        backend.close();
    }

    /** One consumer with what it has handled. */
    private record Member(MessagingClient client, LedgeredHandler handler) {}

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void nothingIsLostAndNothingCommittedAheadWhenSixTimesAMemberJoinsOrLeaves(String protocol, @TempDir Path dir)
            throws Exception {
        change(protocol, dir, 6, new SplittableRandom(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @Tag("long-faults-kafka")
    void nothingIsLostAndNothingCommittedAheadWhenSixtyTimesAMemberJoinsOrLeavesAtRandom(
            String protocol, @TempDir Path dir) throws Exception {
        change(protocol, dir, 60, Seed.random());
    }

    private void change(String protocol, Path dir, int changes, SplittableRandom random) throws Exception {
        try (Run run = Run.in(dir);
                MessagingClient sending =
                        MessagingClients.builder().backend(backend.options()).build()) {
            Work work = Work.on(backend, run, "members-" + protocol, PARTITIONS);
            LedgeredSender sender = new LedgeredSender(run, sending.producer(), work.topic());
            join(work, protocol, false);
            work.sampled(() -> {
                sender.during(2_000, 60, () -> {
                    for (int i = 0; i < changes; i++) {
                        Work.awaitHandled(anyHandler(random), random.nextInt(1, 500));
                        // In a rebalance that goes on a newcomer may get what one who left had, and nobody has to give
                        // anything.
                        boolean settled = random.nextInt(3) > 0;
                        if (settled) {
                            awaitGroup(work.group(), "at rest", this::isAtRest);
                        }
                        beginWhileHandlersAreHeld(work);
                        joinOrLeave(work, protocol, settled, random);
                        work.end(CHANGE);
                    }
                });
                work.awaitDrained();
            });
            assertThat(revocations)
                    .as("did not test: revocations that met running handlers")
                    .isGreaterThan(changes / 10);
            work.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    .duplicatesPer(CHANGE, PARTITIONS)
                    .plansEach(CHANGE, changes, Bite.HANDLER_RUNNING));
        }
    }

    private void beginWhileHandlersAreHeld(Work work) {
        gate.close();
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
        work.begin(CHANGE);
    }

    /** One that has partitions: those that join are ready only then. */
    private LedgeredHandler anyHandler(SplittableRandom random) {
        return members.get(random.nextInt(members.size())).handler();
    }

    private void joinOrLeave(Work work, String protocol, boolean settled, SplittableRandom random) throws Exception {
        boolean join = members.size() < 2 || (members.size() < AT_MOST && random.nextBoolean());
        if (join) {
            join(work, protocol, settled);
        } else {
            leave(members.remove(random.nextInt(members.size())));
        }
    }

    /** Its handlers are held until it has begun to leave. */
    private void leave(Member leaving) throws Exception {
        Thread leave = new Thread(() -> leaving.client().shutdown(Duration.ofSeconds(10)), "leave");
        leave.start();
        await("a client that shuts down")
                .atMost(PATIENCE)
                .until(() -> leaving.client().stats().closed());
        gate.open();
        leave.join();
    }

    /** The handlers of all other members are held until the group has begun to share its partitions out anew. */
    private void join(Work work, String protocol, boolean settled) {
        LedgeredHandler handler = work.handler("member-" + joined++, gate);
        MessagingClient client = MessagingClients.builder()
                .backend(backend.optionsBuilder()
                        .property("group.protocol", protocol)
                        .build())
                .build();
        Subscription subscription = client.consumer(work.group()).subscribe(work.topic(), handler);
        if (settled) {
            Revocations.awaitOneThatMeetsRunningHandlers(PATIENCE);
            revocations++;
        } else {
            awaitGroup(
                    work.group(), "with the newcomer", group -> group.members().size() > members.size());
        }
        gate.open();
        subscription.awaitReady(PATIENCE);
        members.add(new Member(client, handler));
    }

    private boolean isAtRest(ConsumerGroupDescription group) {
        int assigned = group.members().stream()
                .mapToInt(member -> member.assignment().topicPartitions().size())
                .sum();
        return group.groupState() == GroupState.STABLE
                && group.members().size() == members.size()
                && assigned == PARTITIONS;
    }

    private void awaitGroup(String group, String how, Predicate<ConsumerGroupDescription> condition) {
        await("the group " + how)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> condition.test(backend.admin()
                        .describeConsumerGroups(List.of(group))
                        .describedGroups()
                        .get(group)
                        .get()));
    }
}
