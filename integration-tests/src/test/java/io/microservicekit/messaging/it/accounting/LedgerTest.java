package io.microservicekit.messaging.it.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final int SMALL = 1 << 16;

    @TempDir
    Path dir;

    private static MessageId id(String producer, long seq) {
        return new MessageId("orders", producer, "schlüssel", seq);
    }

    private static List<Event> oneOfEach() {
        TopicPartition place = new TopicPartition("orders", 3);
        List<Event> events = new ArrayList<>();
        for (Event.SendStep step : Event.SendStep.values()) {
            events.add(new Event.Sent(step, id("p", 1), null));
        }
        events.add(Event.Sent.ack(id("p", 1), new Position(7, 1L << 40)));
        Event.Handling start = Event.Handling.start(id("p", 1), 3, "member", 9);
        for (Event.HandlerStep step : Event.HandlerStep.values()) {
            events.add(start.then(step));
        }
        for (Event.Change change : Event.Change.values()) {
            events.add(new Event.Membership(change, "member", place));
            events.add(new Event.Membership(change, "member", null));
        }
        for (Event.Edge edge : Event.Edge.values()) {
            events.add(new Event.Fault("kill", edge));
            events.add(new Event.Shutdown(edge, "client", Duration.ofMillis(1500)));
        }
        events.add(new Event.Spoiled("member", "TORN"));
        events.add(new Event.Committed("group", place, 17));
        return events;
    }

    private void write(String process, int count) {
        try (Ledger ledger = Ledger.open(dir, process, SMALL)) {
            LongStream.rangeClosed(1, count).forEach(seq -> ledger.append(Event.Sent.intent(id(process, seq))));
        }
    }

    private Path file(String process) {
        return dir.resolve(process + "#0.ledger");
    }

    /** Returns the places of the entries of the first chunk. */
    private static List<Integer> places(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<Integer> places = new ArrayList<>();
        for (int at = LedgerFile.HEAD; bytes.getInt(at) > 0; ) {
            places.add(at);
            at = LedgerFile.align(at + LedgerFile.PREFIX + bytes.getInt(at));
        }
        return places;
    }

    @Test
    void eachEventIsReadBackAsItWasWritten() {
        try (Ledger ledger = Ledger.open(dir, "p")) {
            oneOfEach().forEach(ledger::append);
        }
        History history = History.read(dir);
        assertThat(history.entries()).extracting(Entry::event).containsExactlyElementsOf(oneOfEach());
        assertThat(history.entries()).extracting(Entry::processName).containsOnly("p");
        assertThat(history.tornTails()).isZero();
    }

    @Test
    void aLedgerGrowsOverManyChunksAndKeepsItsOrder() throws IOException {
        write("p", 20_000);
        assertThat(Files.size(file("p"))).isGreaterThan(10L * SMALL);
        List<Entry> entries = History.read(dir).entries();
        assertThat(entries).hasSize(20_000);
        assertThat(entries).extracting(Entry::sequence).isSorted();
        assertThat(entries).extracting(Entry::micros).isSorted();
        assertThat(entries.get(19_999).event()).isEqualTo(Event.Sent.intent(id("p", 20_000)));
    }

    @Test
    void aProcessStartedAgainKeepsTheLedgerOfItsFirstLife() {
        write("p", 5);
        write("p", 3);
        write("q", 2);
        History history = History.read(dir);
        assertThat(history.entries())
                .extracting(Entry::process)
                .containsOnly("p#0", "p#1", "q#0")
                .hasSize(10);
        assertThat(history.only(e -> e.processName().equals("p")).entries()).hasSize(8);
    }

    @Test
    void aLiveLedgerCanBeRead() {
        try (Ledger ledger = Ledger.open(dir, "p")) {
            ledger.append(new Event.Fault("kill", Event.Edge.BEGIN));
            assertThat(History.read(dir).entries()).hasSize(1);
            ledger.append(new Event.Fault("kill", Event.Edge.END));
            assertThat(History.read(dir).entries()).hasSize(2);
        }
    }

    @Test
    void aClosedLedgerAndAnEndlessNameAreRefused() {
        Ledger ledger = Ledger.open(dir, "p");
        assertThatThrownBy(() -> ledger.append(Event.Sent.intent(id("x".repeat(2_000), 1))))
                .isInstanceOf(IllegalArgumentException.class);
        ledger.close();
        ledger.close();
        assertThatThrownBy(() -> ledger.append(Event.Sent.intent(id("p", 1))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEntryWithoutLengthIsIgnoredAsTorn() throws IOException {
        write("p", 10);
        byte[] bytes = Files.readAllBytes(file("p"));
        ByteBuffer.wrap(bytes).putInt(places(bytes).get(9), 0);
        Files.write(file("p"), bytes);
        assertTornAfter(9);
    }

    @Test
    void anEntryWithAMissingEndIsIgnoredAsTorn() throws IOException {
        write("p", 10);
        byte[] bytes = Files.readAllBytes(file("p"));
        int last = places(bytes).get(9);
        int end = last + LedgerFile.PREFIX + ByteBuffer.wrap(bytes).getInt(last);
        Arrays.fill(bytes, end - 9, end, (byte) 0);
        Files.write(file("p"), bytes);
        assertTornAfter(9);
        Files.write(file("p"), Arrays.copyOf(bytes, end - 4));
        assertTornAfter(9);
    }

    private void assertTornAfter(int entries) {
        History history = History.read(dir);
        assertThat(history.entries()).hasSize(entries);
        assertThat(history.tornTails()).isEqualTo(1);
    }

    @Test
    void damageBeforeTheLastEntryIsNotTakenForATornTail() throws IOException {
        write("p", 10);
        byte[] bytes = Files.readAllBytes(file("p"));
        bytes[places(bytes).get(5) + 30] ^= 1;
        Files.write(file("p"), bytes);
        assertThatThrownBy(() -> History.read(dir))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("corrupt");
    }

    @Test
    @Timeout(120)
    void whatAKilledProcessHasAppendedIsReadBack() throws Exception {
        Process victim = fork();
        Map<String, Long> said = new HashMap<>();
        try (BufferedReader out = victim.inputReader(StandardCharsets.US_ASCII)) {
            for (int lines = 0; lines < 5_000; lines++) {
                hear(out.readLine(), said);
            }
            // Not Process.destroyForcibly: it closes the pipe, and with it what the victim still said.
            victim.toHandle().destroyForcibly();
            victim.waitFor();
            out.lines().forEach(line -> hear(line, said));
        }
        Map<String, Long> read = new HashMap<>();
        for (Entry entry : History.read(dir).entries()) {
            MessageId id = ((Event.Sent) entry.event()).id();
            assertThat(id.seq()).isEqualTo(read.getOrDefault(id.producer(), 0L) + 1);
            read.put(id.producer(), id.seq());
        }
        assertThat(victim.exitValue()).as("killed, not ended").isEqualTo(128 + 9);
        assertThat(said).isNotEmpty();
        said.forEach((thread, seq) -> assertThat(read.get(thread)).isGreaterThanOrEqualTo(seq));
    }

    /** The last line of a killed process may be cut; a cut number is a smaller one, which is still a true claim. */
    private static void hear(String line, Map<String, Long> said) {
        String[] parts = line.split(" ", -1);
        if (parts.length == 2 && !parts[1].isEmpty()) {
            said.merge(parts[0], Long.parseLong(parts[1]), Math::max);
        }
    }

    private Process fork() throws IOException, URISyntaxException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path classes = Path.of(ForkedWriter.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new ProcessBuilder(java, "-cp", classes.toString(), ForkedWriter.class.getName(), dir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
