package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One random run, decided by its seed alone: clients of one group over topics or a queue, handlers that succeed, fail, take their time or throw an
 * Error, and a random subset of faults; then all heals, and the ledger must balance.
 */
final class RandomScenario implements AutoCloseable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int STEPS = 14;
    private static final List<OrderingMode> ORDERINGS = List.of(
            OrderingMode.PARTITION, OrderingMode.PARTITION, OrderingMode.KEY, OrderingMode.KEY, OrderingMode.UNORDERED);

    final SimulatedRuntime sim;
    final SplittableRandom random;
    final Marks marks;
    final MemoryBroker broker;
    private final RecordedLog log = new RecordedLog();
    final Ledger ledger;
    private final boolean queue;
    final boolean slow;
    final boolean manual;
    private final int members;
    final OrderingMode ordering;
    private final ConsumerOptions options;
    private final List<Fault> faults = new ArrayList<>();
    final Map<String, Member> alive = new LinkedHashMap<>();
    final List<String> unexpired = new ArrayList<>();
    private final Map<Integer, Integer> failuresLeft = new LinkedHashMap<>();
    private final MessageProducer sender;
    private boolean healed;
    private int joined;
    private int sentCount;

    RandomScenario(long seed, Marks marks) {
        this.sim = SimulatedRuntime.seeded(seed);
        this.random = new SplittableRandom(seed);
        this.marks = marks;
        this.queue = random.nextInt(3) == 0;
        this.slow = random.nextInt(4) == 0;
        this.manual = random.nextInt(4) == 0;
        this.members = 1 + random.nextInt(3);
        this.ordering = ORDERINGS.get(new SplittableRandom(seed + 1).nextInt(ORDERINGS.size()));
        this.broker = broker();
        this.options = options();
        for (Fault fault : Fault.values()) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        boolean alone = members == 1 && !faults.contains(Fault.JOIN);
        this.ledger = new Ledger(broker, manual, new Ledger.Order(ordering, !queue || alone, options.concurrency()));
        this.sender = builder("sender").build().producer();
    }

    private MemoryBroker broker() {
        Duration timeout = Duration.ofSeconds(random.nextBoolean() ? 60 : 1800);
        return queue
                ? MemoryBroker.builder()
                        .queueFlavour()
                        .prefetch(1 + random.nextInt(10))
                        .consumerTimeout(timeout)
                        .build()
                : MemoryBroker.builder().partitions(1 + random.nextInt(3)).build();
    }

    private ConsumerOptions options() {
        ConsumerOptionsBuilder builder = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(random.nextInt(4), SECOND))
                .ordering(ordering)
                .ackMode(manual ? AckMode.MANUAL : AckMode.AFTER_HANDLER)
                .concurrency(1 + random.nextInt(4))
                .maxInFlight(random.nextBoolean() ? 2 : 1_000)
                .maxUncommitted(random.nextBoolean() ? 3 : 1_000);
        return random.nextInt(4) == 0
                ? builder.build()
                : builder.deadLetterQueue(SimWorld.DEAD).build();
    }

    private MessagingClientBuilder builder(String id) {
        return MessagingClients.builder()
                .backend(broker.options())
                .runtime(sim)
                .clientId(id)
                .logger(log);
    }

    String digest() {
        return sim.eventLogDigest();
    }

    void run() {
        run(List.of());
    }

    /** First sends a message with each of the keys, in the order in which they come. */
    void run(Collection<String> firstKeys) {
        for (int i = 0; i < members; i++) {
            join();
        }
        firstKeys.forEach(this::send);
        for (int step = 0; step < STEPS; step++) {
            sim.advance(Duration.ofMillis((long) random.nextInt(4) * random.nextInt(2_000)));
            alive.values().forEach(member -> member.commits.commitSome());
            if (random.nextBoolean() || faults.isEmpty()) {
                sendSome();
            } else {
                faults.get(random.nextInt(faults.size())).strike(this);
            }
        }
        heal();
        sim.drain(Duration.ofHours(3));
        markEnd();
        ledger.checkEnd();
    }

    private void sendSome() {
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(6);
            send(key == 0 ? null : "key-" + key);
        }
        sim.settle();
    }

    private void send(@Nullable String key) {
        int number = sentCount++;
        if (random.nextInt(4) == 0) {
            failuresLeft.put(number, 1 + random.nextInt(random.nextInt(3) == 0 ? 30 : 3));
        }
        CompletableFuture<SendResult> sent = sender.sendAsync(Message.builder(SimWorld.TOPIC)
                .key(key == null ? null : key.getBytes(StandardCharsets.UTF_8))
                .valueText(Integer.toString(number))
                .build());
        CompletableFuture<?> unused = sent.whenComplete((result, error) -> {
            if (error == null) {
                ledger.sent(number, result.partition(), key);
            }
        });
    }

    void join() {
        String id = "c" + joined++;
        Member member = new Member(id);
        alive.put(id, member);
        member.subscribe();
        member.subscription().awaitReady(Duration.ofMinutes(1));
    }

    private void heal() {
        healed = true;
        broker.reconnect();
        broker.accept(SimWorld.DEAD);
        unexpired.forEach(broker::expireSession);
        alive.values().forEach(Member::resume);
        if (alive.isEmpty()) {
            join();
        }
        alive.values().forEach(member -> member.commits.commitAll());
    }

    private void markEnd() {
        boolean recycled = !log.containing("Giving ").isEmpty();
        mark(recycled, "recycled while held");
        if (recycled && redelivers()) {
            ledger.disrupted(); // a handler that outlasts the drain of a recycling sees its message again
        }
        mark(!log.containing("has failed and stops").isEmpty(), "a failed subscription was replaced");
        mark(broker.redelivered(SimWorld.GROUP) > 0, "redelivered");
        mark(broker.plannedFaults(SimWorld.DEAD) == 0 && faults.contains(Fault.LOSE_CONFIRMS), "a confirm was lost");
    }

    /** Whether a change of owner may bring messages again that were handled: a position cannot tell what is finished above the first that is not. */
    boolean redelivers() {
        return slow || manual || (ordering != OrderingMode.PARTITION && !queue);
    }

    boolean isHealed() {
        return healed;
    }

    void mark(boolean condition, String situation) {
        if (condition) {
            marks.reached(situation);
        }
    }

    void markStruck(String what) {
        Lives lives = new Lives(ordering == OrderingMode.KEY);
        alive.values().forEach(member -> lives.add(member.lives));
        lives.mark(marks, what);
    }

    Member anyMember() {
        List<Member> all = new ArrayList<>(alive.values());
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public void close() {
        sim.close();
    }

    void shutDown(Member member) {
        member.lives.mark(marks, "shut down");
        alive.remove(member.id);
        ShutdownReport report = member.client.shutdown(Duration.ofMillis(random.nextInt(8_000)));
        mark(!report.abandoned().isEmpty(), "a handler was abandoned");
        mark(report.drained() > 0, "drained in a shutdown");
        mark(report.returned() > 0, "returned by a shutdown");
        if (!report.clean() || redelivers()) {
            ledger.disrupted();
        }
    }

    /** A client, its consumer, and what its handlers do. */
    final class Member {
        final String id;
        private final MessagingClient client;
        private final MessageConsumer consumer;
        final Lives lives = new Lives(ordering == OrderingMode.KEY);
        private final UserCommits commits;
        private final List<Subscription> subscriptions = new ArrayList<>();
        boolean errorDue;
        private boolean paused;

        Member(String id) {
            this.id = id;
            this.client =
                    builder(id).observer(new MarkingObserver(marks, lives)).build();
            this.consumer = client.consumer(SimWorld.GROUP, options);
            this.commits = new UserCommits(RandomScenario.this, consumer);
        }

        void pause() {
            lives.mark(marks, "paused");
            subscription().pause();
            sim.settle();
            paused = true;
        }

        void resume() {
            mark(paused, "resumed");
            paused = false;
            subscription().resume();
        }

        Subscription subscription() {
            return subscriptions.get(subscriptions.size() - 1);
        }

        void subscribe() {
            Subscription made = consumer.subscribe(SimWorld.TOPIC, this::handle);
            subscriptions.add(made);
            paused = false;
            CompletableFuture<?> unused = made.completion().whenComplete((done, error) -> {
                if (error != null) {
                    subscribe();
                }
            });
        }

        private void handle(ReceivedMessage message) throws InterruptedException {
            ledger.started(id, message, paused);
            lives.started(message);
            mark(message.attempt() > 3, "a fourth attempt");
            markKey(message);
            try {
                work();
                if (!commits.commitBefore(message)) {
                    outcome(message);
                } else if (random.nextBoolean()) {
                    throw new IllegalStateException("after the commit");
                }
                ledger.succeeded(message);
                commits.handled(message);
            } finally {
                lives.ended(message);
                ledger.ended(id, message);
            }
        }

        private void markKey(ReceivedMessage message) {
            boolean later = ordering == OrderingMode.KEY && message.attempt() > 1 && ledger.laterHandled(message);
            mark(later, "a key was retried while later messages are handled");
        }

        private void work() throws InterruptedException {
            if (random.nextInt(3) == 0) {
                take(Duration.ofMillis(random.nextInt(slow ? 12_000 : 2_000)));
            }
        }

        private void take(Duration time) throws InterruptedException {
            try {
                sim.await(sim.future(), time);
            } catch (TimeoutException e) {
                return;
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes this future", e);
            }
        }

        private void outcome(ReceivedMessage message) {
            if (errorDue) {
                errorDue = false;
                throw new NoClassDefFoundError("driver");
            }
            int left = failuresLeft.getOrDefault(Ledger.number(message), 0);
            if (left > 0 && !healed) {
                failuresLeft.put(Ledger.number(message), left - 1);
                throw new IllegalStateException("no stock");
            }
        }
    }
}
