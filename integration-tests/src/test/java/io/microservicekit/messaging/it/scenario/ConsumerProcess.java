package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A JVM with one consumer, which writes its ledger until it is killed, or closes in order when its standard input ends. */
public final class ConsumerProcess implements AutoCloseable {
    /** How much of a partition a consumer of Kafka may have handled and not committed. */
    public static final int MAX_UNCOMMITTED = 500;

    /** How much of a queue a consumer of RabbitMQ may have and not acknowledged. */
    public static final int PREFETCH = 50;

    private static final String READY = "the consumer is ready";
    private static final String HOLDS = "a handler is held";
    /** What it reads for {@link #hold}. */
    private static final int HOLD = 'h';

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A JVM that starts beside others on a busy machine takes longer than a user would wait; less than who waits for it, so that it tells why. */
    private static final Duration CONNECT = Duration.ofSeconds(30);
    /** So that a kill hits in the middle. */
    private static final Duration WORK = Duration.ofNanos(200_000);

    private final String name;
    private final Process process;
    private final Path log;
    private Process freeze;

    private ConsumerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** What a consumer connects to. */
    public enum Broker {
        /** Notices soon when a member of the group has died. */
        KAFKA {
            @Override
            BackendOptions options(String address) {
                return KafkaOptions.builder()
                        .brokers(address)
                        .property("session.timeout.ms", "3000")
                        .property("heartbeat.interval.ms", "500")
                        .build();
            }
        },
        /** In a group whose partitions the broker assigns. */
        KAFKA_THAT_ASSIGNS {
            @Override
            BackendOptions options(String address) {
                return KafkaOptions.builder()
                        .brokers(address)
                        .groupProtocol(KafkaGroupProtocol.CONSUMER)
                        .build();
            }
        },
        /** With a classic queue. */
        RABBITMQ {
            @Override
            BackendOptions options(String address) {
                return queue(address, QueueType.CLASSIC);
            }
        },
        /** With a quorum queue. */
        RABBITMQ_QUORUM {
            @Override
            BackendOptions options(String address) {
                return queue(address, QueueType.QUORUM);
            }
        };

        abstract BackendOptions options(String address);

        private static BackendOptions queue(String url, QueueType type) {
            return RabbitMqOptions.builder()
                    .url(url)
                    .queueType(type)
                    .prefetchCount(PREFETCH)
                    .build();
        }
    }

    /**
     * What a consumer consumes, and where it writes.
     *
     * @param broker what it connects to
     * @param address where that is; a URL for RabbitMQ
     * @param group the consumer group
     * @param topic the topic
     * @param run the run's id
     * @param ledgers the directory of the ledgers
     */
    public record Job(Broker broker, String address, String group, String topic, String run, Path ledgers) {
        /** Opens a client that is ready. */
        public MessagingClient open(LedgeredHandler handler) {
            MessagingClient client = MessagingClients.builder()
                    .backend(broker.options(address))
                    .connectTimeout(CONNECT)
                    .build();
            ConsumerOptions options =
                    ConsumerOptions.builder().maxUncommitted(MAX_UNCOMMITTED).build();
            client.consumer(group, options).subscribe(topic, handler).awaitReady(PATIENCE);
            return client;
        }

        /** A handler that takes a little time. */
        public LedgeredHandler handler(Ledger ledger, String member) {
            return handler(ledger, member, HandlerWork.taking(WORK));
        }

        private LedgeredHandler handler(Ledger ledger, String member, MessageHandler work) {
            return new LedgeredHandler(ledger, run, member, work);
        }

        private List<String> arguments(String name) {
            return List.of(broker.name(), address, group, topic, run, ledgers.toString(), name);
        }

        private static Job of(String... arguments) {
            return new Job(
                    Broker.valueOf(arguments[0]),
                    arguments[1],
                    arguments[2],
                    arguments[3],
                    arguments[4],
                    Path.of(arguments[5]));
        }
    }

    /** Arguments: the parts of the job, the process' name. */
    public static void main(String[] args) throws IOException {
        Job job = Job.of(args);
        OneHeld work = new OneHeld(HandlerWork.taking(WORK), () -> System.out.println(HOLDS));
        try (Ledger ledger = Ledger.open(job.ledgers(), args[6]);
                MessagingClient client = job.open(job.handler(ledger, "consumer", work))) {
            System.out.println(READY);
            // Only a kill or the end of the input ends this JVM.
            for (int order = System.in.read(); order >= 0; order = System.in.read()) {
                if (order == HOLD) {
                    work.holdNext();
                }
            }
            client.shutdown(Duration.ofSeconds(5));
        }
    }

    /** Never ends the next call once it is told so, and lets the others go on. */
    private static final class OneHeld implements MessageHandler {
        private final MessageHandler work;
        private final Runnable held;
        private final AtomicBoolean next = new AtomicBoolean();

        private OneHeld(MessageHandler work, Runnable held) {
            this.work = work;
            this.held = held;
        }

        private void holdNext() {
            next.set(true);
        }

        @Override
        public void handle(ReceivedMessage message) throws Exception {
            if (next.getAndSet(false)) {
                held.run();
                new CountDownLatch(1).await();
            }
            work.handle(message);
        }
    }

    /** Forks a consumer; its output goes to a log beside its ledger. */
    public static ConsumerProcess fork(Job job, String name) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path log = Files.createTempFile(job.ledgers(), name + "-", ".log");
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                ConsumerProcess.class.getName()));
        command.addAll(job.arguments(name));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ConsumerProcess(name, process, log);
    }

    /** What it was called when it was forked. */
    public String name() {
        return name;
    }

    /** Whether its consumer is ready; fails with its output when it has ended. */
    public boolean isReady() {
        String output = output();
        if (!process.isAlive()) {
            throw new AssertionError("the consumer process " + name + " has ended:\n" + output);
        }
        return output.contains(READY);
    }

    /** Holds its next call of the handler for ever; from then on {@link #isHolding} tells when that call has come. */
    public void hold() throws IOException {
        process.getOutputStream().write(HOLD);
        process.getOutputStream().flush();
    }

    /** Whether a call of its handler is held: whenever it is killed now, that call is running. */
    public boolean isHolding() {
        return output().contains(HOLDS);
    }

    private String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it (SIGKILL) and returns when it is gone. */
    public void kill() throws InterruptedException {
        if (!process.toHandle().destroyForcibly() || !process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " was not killed");
        }
    }

    /** Stops it (SIGSTOP) by a shell that lets it run on when told so, or when this JVM is gone: a stopped process does not see that. */
    public void freeze() throws IOException {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill -STOP \"$1\" && echo frozen; read -r _; kill -CONT \"$1\"",
                        "freeze",
                        String.valueOf(process.pid()))
                .start();
        if (!"frozen".equals(shell.inputReader().readLine())) {
            throw new AssertionError("process " + process.pid() + " was not frozen");
        }
        freeze = shell;
    }

    /** Lets it run on (SIGCONT). */
    public void thaw() throws IOException, InterruptedException {
        freeze.outputWriter().close();
        if (freeze.waitFor() != 0) {
            throw new AssertionError("process " + process.pid() + " was not thawed");
        }
    }

    /** Lets it close in order; fails with its output when it does not end well. */
    public void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(15, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the consumer process " + name + " did not end well:\n" + output());
        }
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
