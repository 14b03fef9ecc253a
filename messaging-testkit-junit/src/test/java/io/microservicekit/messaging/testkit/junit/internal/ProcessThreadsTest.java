package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessThreadsTest {
    @TempDir
    private Path tasks;

    @Test
    void oneRunningThreadIsEnoughToSayNotStopped() throws IOException {
        thread("1", "1 (java) T 0 1");
        thread("2", "2 (a) T odd) name) S 0 1");
        assertThat(new ProcessThreads(tasks).areStopped()).isFalse();

        thread("2", "2 (a) S odd) name) T 0 1");
        assertThat(new ProcessThreads(tasks).areStopped()).isTrue();
    }

    @Test
    void aSystemThatDoesNotTellIsBelieved() {
        assertThat(new ProcessThreads(tasks.resolve("missing")).areStopped()).isTrue();
    }

    private void thread(String id, String stat) throws IOException {
        Files.writeString(Files.createDirectories(tasks.resolve(id)).resolve("stat"), stat + "\n");
    }
}
