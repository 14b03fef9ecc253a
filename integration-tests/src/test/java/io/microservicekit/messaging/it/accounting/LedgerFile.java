package io.microservicekit.messaging.it.accounting;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * The append-only file: a head of {@value #HEAD} bytes, then entries of
 * {@code length, crc, sequence, micros, event}, aligned to 8 bytes and never across a chunk.
 *
 * <p>The length is stored last and with release, so an entry without a length was never completed. The kernel keeps
 * the stores of a killed process; a crash of the machine is not covered. Not thread-safe.
 */
final class LedgerFile {
    static final int HEAD = 16;
    static final long MAGIC = 0x4c45_4447_4552_0001L;
    static final int NEXT_CHUNK = -1;
    static final int PREFIX = 8;
    static final int STAMPS = 16;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final FileChannel channel;
    private final int chunkSize;
    private MappedByteBuffer chunk;
    private int at = HEAD;
    private long chunks = 1;

    LedgerFile(Path file, int chunkSize) throws IOException {
        if (chunkSize < EventWriter.MAX_BYTES + HEAD + PREFIX + STAMPS + 8 || chunkSize % 8 != 0) {
            throw new IllegalArgumentException("chunk of " + chunkSize + " bytes is too small or not aligned");
        }
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.chunkSize = chunkSize;
        this.chunk = channel.map(FileChannel.MapMode.READ_WRITE, 0, chunkSize);
        chunk.putLong(0, MAGIC).putInt(8, chunkSize);
    }

    void append(long sequence, long micros, ByteBuffer event) throws IOException {
        int length = STAMPS + event.remaining();
        if (at + PREFIX + length > chunkSize) {
            nextChunk();
        }
        int body = at + PREFIX;
        chunk.putLong(body, sequence).putLong(body + 8, micros);
        chunk.put(body + STAMPS, event.array(), event.arrayOffset(), event.remaining());
        chunk.putInt(at + 4, checksum(sequence, micros, event.duplicate()));
        INT.setRelease(chunk, at, length);
        at = align(body + length);
    }

    void close() throws IOException {
        channel.close();
    }

    static int align(int position) {
        return (position + 7) & ~7;
    }

    private void nextChunk() throws IOException {
        MappedByteBuffer next = channel.map(FileChannel.MapMode.READ_WRITE, chunks * chunkSize, chunkSize);
        if (at < chunkSize) {
            INT.setRelease(chunk, at, NEXT_CHUNK);
        }
        chunk = next;
        chunks++;
        at = 0;
    }

    static int checksum(long sequence, long micros, ByteBuffer event) {
        CRC32 crc = new CRC32();
        crc.update(event);
        return (int) crc.getValue() ^ Long.hashCode(sequence) ^ Long.hashCode(micros);
    }
}
