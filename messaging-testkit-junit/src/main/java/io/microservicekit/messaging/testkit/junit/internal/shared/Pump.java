package io.microservicekit.messaging.testkit.junit.internal.shared;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: one thread reads and stamps what it read with the time when it is due, another waits for that time and writes.
 * A delay is thus no limit of the throughput.
 */
final class Pump {
    private static final int CHUNK = 16 << 10;
    private static final int CHUNKS = 256;
    private static final int THROTTLED_CHUNK = 512;

    private final Faults faults;
    private final boolean toBroker;
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS);

    /** Bytes and when they are due; the order stays, whatever the delay of each. */
    private record Chunk(ByteBuffer bytes, long due) {
        static Chunk end(long due) {
            return new Chunk(ByteBuffer.allocate(0), due);
        }

        int length() {
            return bytes.remaining();
        }
    }

    Pump(Faults faults, boolean toBroker) {
        this.faults = faults;
        this.toBroker = toBroker;
    }

    /** Reads to the end of the stream. */
    void read(Socket from) throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[CHUNK];
        long last = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            last = Math.max(last, System.nanoTime() + faults.delayNanos());
            queue.put(new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, count)), last));
        }
        queue.put(Chunk.end(last));
    }

    /** Writes to the end, which it hands on; false when the connection is to be cut. */
    boolean write(Socket to) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        for (Chunk chunk = queue.take(); chunk.length() > 0; chunk = queue.take()) {
            pause(chunk.due() - System.nanoTime());
            faults.awaitPassage(toBroker);
            int admitted = toBroker ? faults.admit(chunk.length()) : chunk.length();
            writeSlowly(out, chunk.bytes().array(), admitted);
            if (admitted < chunk.length()) {
                return false;
            }
        }
        to.shutdownOutput();
        return true;
    }

    private void writeSlowly(OutputStream out, byte[] bytes, int length) throws IOException, InterruptedException {
        for (int from = 0; from < length; ) {
            int rest = length - from;
            int count = faults.nanosFor(rest) == 0 ? rest : Math.min(rest, THROTTLED_CHUNK);
            pause(faults.nanosFor(count));
            out.write(bytes, from, count);
            from += count;
        }
        out.flush();
    }

    private static void pause(long nanos) throws InterruptedException {
        if (nanos > 0) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }
}
