package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.accounting.Checker;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Ledger;
import java.nio.file.Path;
import java.util.UUID;

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
        assertThat(Checker.check(history, expected))
                .as("run %s, ledgers in %s", id, dir)
                .isEmpty();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
