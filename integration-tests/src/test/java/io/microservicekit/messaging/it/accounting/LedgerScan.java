package io.microservicekit.messaging.it.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Reads the entries of one file up to its end or a torn tail. */
final class LedgerScan {
    private final Path file;
    private final String process;
    private final EventReader events;
    private final List<Entry> into;
    private long expected;
    private boolean torn;
    private boolean ended;

    LedgerScan(Path file, EventReader events, List<Entry> into) {
        String name = file.getFileName().toString();
        this.file = file;
        this.process = name.substring(0, name.length() - Ledger.SUFFIX.length());
        this.events = events;
        this.into = into;
    }

    /** Returns whether the file ends in an entry that was never completed. */
    boolean run() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < LedgerFile.HEAD) {
                return size > 0;
            }
            int chunkSize = chunkSize(channel);
            for (long start = 0; !ended && chunkSize > 0 && start < size; start += chunkSize) {
                long length = Math.min(chunkSize, size - start);
                chunk(channel.map(FileChannel.MapMode.READ_ONLY, start, length), start == 0 ? LedgerFile.HEAD : 0);
            }
            return torn;
        }
    }

    private int chunkSize(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LedgerFile.HEAD);
        channel.read(head, 0);
        int chunkSize = head.getInt(8);
        if (chunkSize == 0) {
            torn = true;
        } else if (head.getLong(0) != LedgerFile.MAGIC || chunkSize < 0) {
            throw new IllegalStateException(file + " is no ledger");
        }
        return chunkSize;
    }

    private void chunk(ByteBuffer chunk, int from) {
        int at = from;
        while (at + 4 <= chunk.limit()) {
            int length = chunk.getInt(at);
            if (length == LedgerFile.NEXT_CHUNK) {
                return;
            }
            if (length == 0) {
                end(hasBytes(chunk, at));
                return;
            }
            if (!entry(chunk, at, length)) {
                return;
            }
            at = LedgerFile.align(at + LedgerFile.PREFIX + length);
        }
    }

    private boolean entry(ByteBuffer chunk, int at, int length) {
        int body = at + LedgerFile.PREFIX;
        if (length < LedgerFile.STAMPS) {
            throw corrupt(at);
        }
        if (length > chunk.limit() - body) {
            end(true);
            return false;
        }
        ByteBuffer event = chunk.slice(body + LedgerFile.STAMPS, length - LedgerFile.STAMPS);
        long sequence = chunk.getLong(body);
        long micros = chunk.getLong(body + 8);
        if (chunk.getInt(at + 4) != LedgerFile.checksum(sequence, micros, event.duplicate())) {
            tornOrCorrupt(chunk, at, body + length);
            return false;
        }
        if (sequence != ++expected) {
            throw corrupt(at);
        }
        into.add(new Entry(process, sequence, micros, events.read(event)));
        return true;
    }

    /** Only the last entry can be torn: entries behind a bad one mean that evidence was damaged. */
    private void tornOrCorrupt(ByteBuffer chunk, int at, int end) {
        int next = LedgerFile.align(end);
        if (next + 4 <= chunk.limit() && chunk.getInt(next) != 0) {
            throw corrupt(at);
        }
        end(true);
    }

    private IllegalStateException corrupt(int at) {
        return new IllegalStateException("ledger " + file + " is corrupt at byte " + at + " of a chunk, behind "
                + into.size() + " entries; the run cannot be judged");
    }

    private void end(boolean tornTail) {
        torn = tornTail;
        ended = true;
    }

    private static boolean hasBytes(ByteBuffer chunk, int at) {
        int end = Math.min(chunk.limit(), at + LedgerFile.PREFIX + LedgerFile.STAMPS);
        for (int i = at; i < end; i++) {
            if (chunk.get(i) != 0) {
                return true;
            }
        }
        return false;
    }
}
