package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
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

/**
 * One random run, decided by its seed alone: clients of one group over topics or a queue, handlers that succeed, fail, take their time or throw an
 * Error, and a random subset of faults; then all heals, and the ledger must balance.
 */
final class RandomScenario implements AutoCloseable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int STEPS = 14;

    private final SimulatedRuntime sim;
    private final SplittableRandom random;
    private final Marks marks;
    private final MemoryBroker broker;
    private final RecordedLog log = new RecordedLog();
    private final Ledger ledger;
    private final boolean queue;
    private final boolean slow;
    private final int members;
    private final ConsumerOptions options;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Member> alive = new LinkedHashMap<>();
    private final List<String> unexpired = new ArrayList<>();
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
        this.members = 1 + random.nextInt(3);
        this.broker = broker();
        this.options = options();
        for (Fault fault : Fault.values()) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        this.ledger = new Ledger(broker, !queue || (members == 1 && !faults.contains(Fault.JOIN)));
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
        ConsumerOptions.Builder builder = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(random.nextInt(4), SECOND))
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
            send("key-" + random.nextInt(6));
        }
        sim.settle();
    }

    private void send(String key) {
        int number = sentCount++;
        if (random.nextInt(4) == 0) {
            failuresLeft.put(number, 1 + random.nextInt(random.nextInt(3) == 0 ? 30 : 3));
        }
        CompletableFuture<SendResult> sent = sender.sendAsync(Message.builder(SimWorld.TOPIC)
                .keyText(key)
                .valueText(Integer.toString(number))
                .build());
        CompletableFuture<?> unused = sent.whenComplete((result, error) -> {
            if (error == null) {
                ledger.sent(number, result.partition());
            }
        });
    }

    private void join() {
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
        if (alive.isEmpty()) {
            join();
        }
    }

    private void markEnd() {
        mark(!log.containing("Giving ").isEmpty(), "recycled while held");
        mark(!log.containing("has failed and stops").isEmpty(), "a failed subscription was replaced");
        mark(broker.redelivered(SimWorld.GROUP) > 0, "redelivered");
        mark(broker.plannedFaults(SimWorld.DEAD) == 0 && faults.contains(Fault.LOSE_CONFIRMS), "a confirm was lost");
    }

    private void mark(boolean condition, String situation) {
        if (condition) {
            marks.reached(situation);
        }
    }

    private void markStruck(String what) {
        Lives lives = new Lives();
        alive.values().forEach(member -> lives.add(member.lives));
        lives.mark(marks, what);
    }

    private Member anyMember() {
        List<Member> all = new ArrayList<>(alive.values());
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public void close() {
        sim.close();
    }

    /** What may go wrong; a random subset is drawn for each run. */
    private enum Fault {
        REBALANCE {
            @Override
            void strike(RandomScenario run) {
                run.markStruck("revoked");
                run.broker.rebalance(SimWorld.GROUP);
                if (run.slow) {
                    run.ledger.disrupted();
                }
            }
        },
        EXPIRE {
            @Override
            void strike(RandomScenario run) {
                if (!run.alive.isEmpty()) {
                    Member member = run.anyMember();
                    member.lives.mark(run.marks, "session lost");
                    run.ledger.disrupted();
                    run.broker.expireSession(member.id);
                }
            }
        },
        CRASH {
            @Override
            void strike(RandomScenario run) {
                if (!run.alive.isEmpty()) {
                    Member member = run.anyMember();
                    member.lives.mark(run.marks, "crashed");
                    run.alive.remove(member.id);
                    run.unexpired.add(member.id);
                    run.ledger.disrupted();
                    run.ledger.crashed(member.id);
                    run.sim.crash(member.id);
                }
            }
        },
        EXPIRE_CRASHED {
            @Override
            void strike(RandomScenario run) {
                run.unexpired.forEach(run.broker::expireSession);
                run.unexpired.clear();
            }
        },
        SHUTDOWN {
            @Override
            void strike(RandomScenario run) {
                if (!run.alive.isEmpty()) {
                    run.shutDown(run.anyMember());
                }
            }
        },
        JOIN {
            @Override
            void strike(RandomScenario run) {
                if (run.alive.size() < 3) {
                    run.markStruck("another joined");
                    if (run.slow) {
                        run.ledger.disrupted();
                    }
                    run.broker.reconnect();
                    run.join();
                }
            }
        },
        REFUSE {
            @Override
            void strike(RandomScenario run) {
                run.broker.refuse(SimWorld.DEAD);
            }
        },
        ACCEPT {
            @Override
            void strike(RandomScenario run) {
                run.broker.accept(SimWorld.DEAD);
            }
        },
        LOSE_CONFIRMS {
            @Override
            void strike(RandomScenario run) {
                run.ledger.confirmsLost();
                run.broker.loseConfirms(SimWorld.DEAD, 1);
            }
        },
        DELAY_CONFIRMS {
            @Override
            void strike(RandomScenario run) {
                run.ledger.confirmsLost();
                run.broker.delayConfirms(SimWorld.DEAD, Duration.ofSeconds(1 + run.random.nextInt(20)), 2);
            }
        },
        DISCONNECT {
            @Override
            void strike(RandomScenario run) {
                run.markStruck("disconnected");
                run.ledger.disrupted();
                run.broker.disconnect();
                run.sim.advance(Duration.ofMillis(run.random.nextInt(5_000)));
                run.broker.reconnect();
            }
        },
        ERROR {
            @Override
            void strike(RandomScenario run) {
                if (!run.alive.isEmpty()) {
                    run.ledger.disrupted();
                    run.anyMember().errorDue = true;
                }
            }
        };

        abstract void strike(RandomScenario run);
    }

    private void shutDown(Member member) {
        member.lives.mark(marks, "shut down");
        alive.remove(member.id);
        ShutdownReport report = member.client.shutdown(Duration.ofMillis(random.nextInt(8_000)));
        mark(!report.abandoned().isEmpty(), "a handler was abandoned");
        mark(report.drained() > 0, "drained in a shutdown");
        mark(report.returned() > 0, "returned by a shutdown");
        if (!report.clean() || slow) {
            ledger.disrupted();
        }
    }

    /** A client, its consumer, and what its handlers do. */
    private final class Member {
        private final String id;
        private final MessagingClient client;
        private final MessageConsumer consumer;
        private final Lives lives = new Lives();
        private final List<Subscription> subscriptions = new ArrayList<>();
        private boolean errorDue;

        Member(String id) {
            this.id = id;
            this.client =
                    builder(id).observer(new MarkingObserver(marks, lives)).build();
            this.consumer = client.consumer(SimWorld.GROUP, options);
        }

        Subscription subscription() {
            return subscriptions.get(subscriptions.size() - 1);
        }

        void subscribe() {
            Subscription made = consumer.subscribe(SimWorld.TOPIC, this::handle);
            subscriptions.add(made);
            CompletableFuture<?> unused = made.completion().whenComplete((done, error) -> {
                if (error != null) {
                    subscribe();
                }
            });
        }

        private void handle(ReceivedMessage message) throws InterruptedException {
            ledger.started(id, message);
            lives.started(message);
            mark(message.attempt() > 3, "a fourth attempt");
            try {
                work();
                outcome(message);
                ledger.succeeded(message);
            } finally {
                lives.ended(message);
                ledger.ended(id, message);
            }
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
