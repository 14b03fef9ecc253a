package io.microservicekit.messaging.testkit.internal.memory;

/** The hash by which Kafka's own clients spread keys over partitions: 32-bit MurmurHash2 with Kafka's seed. */
final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;

    private Murmur2() {}

    static int partition(byte[] key, int partitions) {
        return (hash(key) & Integer.MAX_VALUE) % partitions;
    }

    static int hash(byte[] data) {
        int hash = SEED ^ data.length;
        int words = data.length / 4;
        for (int word = 0; word < words; word++) {
            int mixed = word(data, 4 * word) * MULTIPLIER;
            hash = hash * MULTIPLIER ^ (mixed ^ mixed >>> 24) * MULTIPLIER;
        }
        hash = tail(hash, data, 4 * words);
        hash = (hash ^ hash >>> 13) * MULTIPLIER;
        return hash ^ hash >>> 15;
    }

    private static int word(byte[] data, int at) {
        return (data[at] & 0xff) | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16 | data[at + 3] << 24;
    }

    private static int tail(int hash, byte[] data, int from) {
        if (from == data.length) {
            return hash;
        }
        int rest = 0;
        for (int i = data.length - 1; i >= from; i--) {
            rest = rest << 8 | (data[i] & 0xff);
        }
        return (hash ^ rest) * MULTIPLIER;
    }
}
