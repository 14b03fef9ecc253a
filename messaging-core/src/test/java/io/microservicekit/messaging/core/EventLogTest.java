package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hash orders and salts differ between JVMs, so that one JVM alone proves nothing. */
class EventLogTest {
    private static final int MOST_JVMS = 20;

    @Test
    void theSameSeedGivesTheSameEventLogInJvmsWithDifferentHashCodes() throws Exception {
        for (String seed : List.of("7", "8", "9")) {
            String here = digest(seed);
            assertThat(digest(seed, "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=0"))
                    .as("seed %s", seed)
                    .isEqualTo(here);
        }
    }

    @Test
    void differentSeedsGiveDifferentEventLogs() throws Exception {
        assertThat(digest("7")).isNotEqualTo(digest("8"));
    }

    @Test
    void aPlantedIterationOverSetOfIsFoundByTheDigest() throws Exception {
        Set<String> digests = new TreeSet<>();
        for (int i = 0; i < MOST_JVMS && digests.size() < 2; i++) {
            digests.add(digest("8", "-Dplanted=true"));
        }
        assertThat(digests).hasSize(2);
    }

    private static String digest(String seed, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(ScenarioDigest.class.getName());
        command.add(seed);
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed).as("what %s printed", command).matches("[0-9a-f]{64}");
        return printed;
    }
}
