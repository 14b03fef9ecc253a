package io.microservicekit.messaging.it.accounting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The event log of one process. What {@link #append} has returned from is read back after a {@code kill -9}.
 * Any thread may append; the order in the file is the order of the appends.
 */
public final class Ledger implements AutoCloseable {
    static final String SUFFIX = ".ledger";
    private static final int CHUNK = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final ThreadLocal<EventWriter> writers = ThreadLocal.withInitial(EventWriter::new);
    private final EpochClock clock = new EpochClock();
    private final LedgerFile file;
    private long sequence;
    private long last;
    private boolean closed;

    private Ledger(LedgerFile file) {
        this.file = file;
    }

    /**
     * Opens a new ledger; a process that is started again under its old name gets the next incarnation.
     *
     * @param dir the directory of the run, created if missing
     * @param process the process' name: letters, digits, {@code - _ .}
     * @return the ledger
     */
    public static Ledger open(Path dir, String process) {
        return open(dir, process, CHUNK);
    }

    static Ledger open(Path dir, String process, int chunkSize) {
        if (!process.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException("not a process name: " + process);
        }
        try {
            Files.createDirectories(dir);
            return new Ledger(create(dir, process, chunkSize));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a ledger for " + process + " in " + dir, e);
        }
    }

    private static LedgerFile create(Path dir, String process, int chunkSize) throws IOException {
        for (int incarnation = 0; ; incarnation++) {
            try {
                return new LedgerFile(dir.resolve(process + "#" + incarnation + SUFFIX), chunkSize);
            } catch (FileAlreadyExistsException taken) {
                // An earlier incarnation's file stays as it is; the next number may be free.
            }
        }
    }

    /** Appends an event and stamps it. Names have at most 1,000 characters, a longer reason is cut. */
    public void append(Event event) {
        ByteBuffer bytes = writers.get().write(event);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("ledger is closed; not written: " + event);
            }
            last = Math.max(last, clock.micros());
            file.append(++sequence, last, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot grow the ledger", e);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the ledger; a second close does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the ledger", e);
        } finally {
            lock.unlock();
        }
    }
}
