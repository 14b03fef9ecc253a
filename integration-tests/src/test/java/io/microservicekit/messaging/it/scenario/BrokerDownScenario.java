package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A million sends without waiting, in a JVM of 128 MB, while no broker answers. */
public abstract class BrokerDownScenario {
    private static final Pattern COUNT = Pattern.compile("(DELIVERED|NOT_DELIVERED|UNKNOWN)/(\\w+)=(\\d+)");

    private final String topic = "flood-" + UUID.randomUUID().toString().substring(0, 8);

    /** The type of the broker, as a client names it. */
    protected abstract String type();

    /** Lets a broker run that takes messages of a topic; returns its address. */
    protected abstract String start(String aTopic);

    /** Kills it. */
    protected abstract void kill();

    @Test
    void withABrokerThatDiedEachOfAMillionSendsEndsOnceAndNoneBlocks() throws Exception {
        flood(start(topic), true, this::kill);
    }

    @Test
    void withoutABrokerEverEachOfAMillionSendsEndsOnceAndNoneBlocks() throws Exception {
        String report = flood("127.0.0.1:" + portOfNobody(), false, () -> {});
        assertThat(report).as("nothing was handed to a broker").doesNotContain("UNKNOWN");
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String flood(String broker, boolean answers, Runnable fault) throws Exception {
        Process process = FloodProcess.fork(type(), broker, topic, answers);
        try (BufferedReader lines = process.inputReader()) {
            FloodProcess.line(lines, "ready");
            fault.run();
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String report = FloodProcess.line(lines, "flood");
            System.out.println(report);
            judge(report);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(process.exitValue()).isZero();
            return report;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void judge(String report) {
        assertThat(report).contains("open=0 ");
        long ended = 0;
        Matcher counts = COUNT.matcher(report);
        while (counts.find()) {
            assertThat(counts.group(1)).isNotEqualTo("DELIVERED");
            ended += Long.parseLong(counts.group(3));
        }
        assertThat(ended).isEqualTo(FloodProcess.SENDS);
        assertThat(report).as("the bound was met; else this did not test").contains("NOT_DELIVERED/SEND_QUEUE_FULL");
        // p99.9 below 1 ms: a thousandth of the calls may be slower. Not counted is what waited for a processor of the
        // machine for as long.
        assertThat(number(report, "slow")).as(report).isLessThanOrEqualTo(FloodProcess.SENDS / 1_000);
        // The same of those alone that were queued: a refusal for want of room is the shorter way.
        assertThat(number(report, "taken")).as(report).isGreaterThan(1_000);
        assertThat(number(report, "ofThemSlow")).as(report).isLessThanOrEqualTo(number(report, "taken") / 1_000);
    }

    private static long number(String report, String name) {
        Matcher found = Pattern.compile(name + "=(\\d+)").matcher(report);
        assertThat(found.find()).as(report).isTrue();
        return Long.parseLong(found.group(1));
    }
}
