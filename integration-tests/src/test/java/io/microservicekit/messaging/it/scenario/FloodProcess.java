package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A small JVM that sends a million messages without waiting while no broker answers, and tells how each ended and how long the calls took. */
final class FloodProcess {
    static final int SENDS = 1_000_000;
    private static final int WARM_UP = 100_000;
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(3);
    private static final long MILLISECOND = 1_000_000;
    private static final int LOOK_EVERY = 100;

    private FloodProcess() {}

    /** Arguments: the type and address of the broker, the topic, and whether it answers at first. Prints "ready", floods when it reads a line. */
    public static void main(String[] args) throws Exception {
        boolean answers = Boolean.parseBoolean(args[3]);
        try (MessagingClient client = MessagingClients.builder()
                .type(args[0])
                .brokers(args[1])
                .startup(answers ? Startup.FAIL_FAST : Startup.WAIT)
                .build()) {
            MessageProducer producer = client.producer(
                    ProducerOptions.builder().sendTimeout(SEND_TIMEOUT).build());
            Message message = Message.builder(args[2]).value(new byte[200]).build();
            if (answers) {
                producer.send(message);
            }
            System.out.println("ready");
            int go = System.in.read();
            new Flood(producer, message, WARM_UP).run();
            Flood flood = new Flood(producer, message, SENDS);
            flood.run();
            System.out.println("flood " + flood.report() + " read " + go);
            client.shutdown(Duration.ZERO);
        }
    }

    static Process fork(String type, String broker, String topic, boolean answers) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        FloodProcess.class.getName(),
                        type,
                        broker,
                        topic,
                        String.valueOf(answers)))
                .redirectErrorStream(true)
                .start();
    }

    /** The first line that begins with a word; fails with all lines when none does. */
    static String line(BufferedReader lines, String word) throws IOException {
        StringBuilder output = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(word)) {
                return line;
            }
            output.append(line).append('\n');
        }
        throw new AssertionError("the flooding process ended:\n" + output);
    }

    /** Some sends in a row, and all their ends. */
    private static final class Flood {
        private final MessageProducer producer;
        private final Message message;
        private final long[] nanos;
        private final CountDownLatch open;
        private final Map<String, AtomicLong> ends = new ConcurrentHashMap<>();
        private final ReadyQueue machine = new ReadyQueue();
        private int slow;
        private int taken;
        private int slowTaken;
        private int held;

        Flood(MessageProducer producer, Message message, int sends) {
            this.producer = producer;
            this.message = message;
            this.nanos = new long[sends];
            this.open = new CountDownLatch(sends);
        }

        void run() throws InterruptedException {
            for (int i = 0; i < nanos.length; i++) {
                long begin = System.nanoTime();
                var sent = producer.sendAsync(message);
                nanos[i] = System.nanoTime() - begin;
                judge(i, !sent.isDone());
                var unused = sent.whenComplete((result, error) -> ended(error));
            }
            if (!open.await(60, TimeUnit.SECONDS)) {
                System.out.println(open.getCount() + " sends never ended");
            }
        }

        /** A call that took long only because the machine had no processor for its thread says nothing of the call. */
        private void judge(int call, boolean queued) {
            taken += queued ? 1 : 0;
            boolean tookLong = nanos[call] > MILLISECOND;
            if (tookLong || call % LOOK_EVERY == 0) {
                long waited = machine.sinceLastLook();
                boolean itsOwn = nanos[call] - waited > MILLISECOND;
                slow += itsOwn ? 1 : 0;
                slowTaken += itsOwn && queued ? 1 : 0;
                held += tookLong && nanos[call] - waited <= MILLISECOND ? 1 : 0;
            }
        }

        private void ended(Throwable error) {
            SendOutcome outcome = error == null
                    ? SendOutcome.DELIVERED
                    : error instanceof SendException send ? send.outcome() : SendOutcome.NOT_DELIVERED;
            ErrorCode code = error instanceof MessagingException own ? own.code() : ErrorCode.SEND_MESSAGE;
            ends.computeIfAbsent(outcome + "/" + code, key -> new AtomicLong()).incrementAndGet();
            open.countDown();
        }

        String report() {
            Arrays.sort(nanos);
            return "open=" + open.getCount() + " slow=" + slow + " taken=" + taken + " ofThemSlow=" + slowTaken + " held=" + held + " p50=" + at(0.5)
                    + " p999=" + at(0.999) + " max=" + at(1) + " ends=" + new TreeMap<>(ends);
        }

        private long at(double share) {
            return nanos[(int) (share * (nanos.length - 1))];
        }
    }

    /** How long this thread was ready to run and had no processor, as Linux counts it; elsewhere nothing is known. */
    private static final class ReadyQueue {
        private static final Path COUNTS = Path.of("/proc/thread-self/schedstat");

        private long last;

        long sinceLastLook() {
            long now = nanos();
            long since = now - last;
            last = now;
            return since;
        }

        private static long nanos() {
            try {
                return Long.parseLong(Files.readString(COUNTS).split(" ", -1)[1]);
            } catch (IOException e) {
                return 0;
            }
        }
    }
}
