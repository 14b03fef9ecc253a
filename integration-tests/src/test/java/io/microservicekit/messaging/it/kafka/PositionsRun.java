package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.internal.CrashableKafka;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One random life of a group on a topic of its own: members join, leave and crash (each at a random call of the driver), partitions are added, and a
 * sender writes to all partitions all the time. What it began to send after some member was ready must be received by somebody.
 */
final class PositionsRun {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration AT_REST = Duration.ofSeconds(90);

    private final KafkaServer server;
    private final Producer<String, String> producer;
    private final String topic;
    private final KafkaGroupProtocol protocol;
    private final SplittableRandom random;
    private final List<Member> members = new ArrayList<>();
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final Set<String> due = new ConcurrentSkipListSet<>();
    private final List<String> story = new ArrayList<>();
    private volatile int partitions;
    private volatile boolean ready;
    private volatile boolean sending = true;
    private int crashes;
    private int expansions;

    PositionsRun(KafkaServer server, Producer<String, String> producer, KafkaGroupProtocol protocol, long seed) {
        this.server = server;
        this.producer = producer;
        this.protocol = protocol;
        this.topic = "positions-" + Long.toUnsignedString(seed, 36);
        this.random = new SplittableRandom(seed);
        this.partitions = 1 + random.nextInt(3);
    }

    /** What a run saw. */
    record Result(
            int due, Set<String> missing, int crashes, int expansions, List<String> crashedIn, List<String> story) {}

    Result run() throws Exception {
        server.createTopic(topic, partitions);
        Thread sender = new Thread(this::sendAll, topic + "-sender");
        sender.start();
        int steps = 6 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            step();
            pause(random.nextInt(400));
        }
        healthyMember();
        sending = false;
        sender.join();
        Set<String> missing = waitForAll();
        List<String> crashedIn = new ArrayList<>();
        for (Member member : members) {
            crashedIn.add(member.kafka.where());
            member.close();
        }
        return new Result(due.size(), missing, crashes, expansions, crashedIn, story);
    }

    private void step() {
        int dice = random.nextInt(10);
        if (members.isEmpty() || dice < 4) {
            join(random.nextInt(3) == 0);
        } else if (dice < 7) {
            Member member = members.get(random.nextInt(members.size()));
            story.add("crash " + member.name);
            member.kafka.crashAfter(random.nextInt(4));
            crashes++;
        } else if (dice < 9 && partitions < 8) {
            int more = partitions + 1 + random.nextInt(2);
            story.add("expand to " + more);
            server.addPartitions(topic, more);
            partitions = more;
            expansions++;
        } else {
            Member member = members.get(random.nextInt(members.size()));
            story.add("leave " + member.name);
            member.leave();
        }
    }

    private void join(boolean doomed) {
        Member member = new Member("m" + members.size());
        if (doomed) {
            member.kafka.crashWhilePinning(random.nextInt(5));
            crashes++;
        }
        story.add("join " + member.name + (doomed ? " doomed" : ""));
        members.add(member);
        member.join();
    }

    private void healthyMember() throws Exception {
        Member last = new Member("last");
        story.add("join last");
        members.add(last);
        last.join();
        // What is sent after that is what the promise is about, not how soon it comes.
        last.heard.readiness().get(AT_REST.toSeconds(), TimeUnit.SECONDS);
        pause(300);
    }

    private Set<String> waitForAll() {
        long end = System.nanoTime() + PATIENT.toNanos();
        Set<String> missing = new TreeSet<>(due);
        while (!missing.isEmpty() && System.nanoTime() < end) {
            pause(100);
            missing.removeAll(received);
        }
        return missing;
    }

    private void sendAll() {
        for (int number = 0; sending; number++) {
            for (int partition = 0; partition < partitions; partition++) {
                send(partition, partition + "/" + number);
            }
            pause(20);
        }
        producer.flush();
    }

    private void send(int partition, String value) {
        boolean counts = ready;
        var unused = producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, error) -> {
            if (error == null && counts) {
                due.add(value);
            }
        });
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private final class Member {
        private final String name;
        private final CrashableKafka kafka = new CrashableKafka();
        private final ClientRuntime runtime = new SystemRuntime(null, System.getLogger("positions"));
        private Backend backend;
        private BackendMember heard;
        private boolean gone;

        Member(String name) {
            this.name = name;
        }

        void join() {
            BackendContext context = new BackendContext(
                    name, runtime, System.getLogger("positions"), new MessagingObserver() {}, Duration.ofSeconds(5));
            KafkaOptionsBuilder options = KafkaOptions.builder()
                    .brokers(server.bootstrapServers())
                    .property("metadata.max.age.ms", "500")
                    .groupProtocol(protocol);
            if (protocol == KafkaGroupProtocol.CLASSIC) {
                options.property("session.timeout.ms", "1500").property("heartbeat.interval.ms", "300");
            }
            backend = kafka.open(options.build(), context);
            ConsumerSpec spec = new ConsumerSpec(
                    topic,
                    List.of(topic),
                    StartPosition.NEWEST,
                    OrderingMode.PARTITION,
                    16,
                    100,
                    null,
                    System.getLogger("test"));
            heard = BackendMember.join(
                    listener -> backend.consumer(spec, listener), message -> received.add(message.valueText()));
            var unused = heard.readiness().thenRun(() -> ready = true);
        }

        void leave() {
            if (!gone) {
                gone = true;
                var unused = heard.consumer().close(Duration.ofSeconds(5));
            }
        }

        void close() throws Exception {
            leave();
            backend.close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
            heard.consumer().close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
            runtime.close();
        }
    }
}
