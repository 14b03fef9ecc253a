package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What fails again and again is in the log, and does not fill it. */
class AttemptsTest {
    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final Attempts attempts = new Attempts("group", heard, runtime::nanoTime);

    private void fail(String text) {
        attempts.log("Polling", new KafkaException(text));
        runtime.advance(Duration.ofMillis(100));
    }

    private List<String> warnings() {
        return heard.logged().stream()
                .filter(line -> line.startsWith("WARNING"))
                .toList();
    }

    @Test
    void textsThatAlternateAreWarnedOfOnceEach() {
        for (int time = 0; time < 100; time++) {
            fail("one");
            fail("other");
        }
        assertThat(warnings()).hasSize(2);
        assertThat(heard.logged()).hasSize(200);
    }

    @Test
    void whatComesBackAfterSomeMinutesIsWarnedOfAgain() {
        fail("one");
        runtime.advance(Duration.ofMinutes(5));
        fail("one");
        fail("one");
        assertThat(warnings()).hasSize(2);
    }

    /** As with an id in them. */
    @Test
    void textsThatNeverRepeatAreBounded() {
        for (int time = 0; time < 1_000; time++) {
            fail("number " + time);
        }
        assertThat(warnings()).hasSize(16);
    }

    @Test
    void whatIsExpectedIsNoWarning() {
        attempts.log("Polling", new TimeoutException("moving"));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void anErrorIsSaidEachTime() {
        attempts.log("Closing", new OutOfMemoryError("planted"));
        attempts.log("Closing", new OutOfMemoryError("planted"));
        assertThat(heard.logged()).hasSize(2).allMatch(line -> line.startsWith("ERROR"));
    }
}
