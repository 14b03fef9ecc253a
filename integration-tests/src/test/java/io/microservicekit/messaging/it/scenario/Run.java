package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.it.accounting.BrokenPromises;
import io.microservicekit.messaging.it.accounting.Checker;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.it.accounting.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** One accounted run: names of its own, the ledger of this process, the history of all its processes. */
public final class Run implements AutoCloseable {
    private final Path dir;
    private final String id;
    private final Ledger ledger;

    private Run(Path dir, String id) {
        this.dir = dir;
        this.id = id;
        this.ledger = Ledger.open(dir, "driver");
    }

    /** Begins a run that keeps its ledgers in an empty directory. */
    public static Run in(Path dir) {
        return new Run(dir, UUID.randomUUID().toString().substring(0, 8));
    }

    public String id() {
        return id;
    }

    public Path dir() {
        return dir;
    }

    /** Returns a name that no other run has. */
    public String name(String base) {
        return base + "-" + id;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Reads what all processes of the run have written so far. */
    public History history() {
        return History.read(dir);
    }

    /** Fails with all violations of the accounting rules. */
    public void assertKeeps(History history, Expectations expected) {
        List<Violation> violations = Checker.check(history, expected);
        if (!violations.isEmpty()) {
            throw new BrokenPromises("run " + id + ", whose ledgers are kept in " + kept() + ",", violations);
        }
    }

    /** Copies the ledgers to where they outlive the test. */
    private Path kept() {
        Path to = Path.of("target", "failures", id);
        try (Stream<Path> files = Files.list(dir)) {
            Files.createDirectories(to);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to.toAbsolutePath();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
