package io.microservicekit.messaging.kafka.internal;

/** The hash partitioner of sarama: {@code int32(fnv32a(key)) % partitions}, negated when that is negative, in Go's arithmetic. */
final class SaramaFnv1a {
    private static final int OFFSET_BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private SaramaFnv1a() {}

    static int partition(byte[] key, int partitions) {
        int remainder = hash(key) % partitions;
        return remainder < 0 ? -remainder : remainder;
    }

    static int hash(byte[] key) {
        int hash = OFFSET_BASIS;
        for (byte each : key) {
            hash = (hash ^ (each & 0xff)) * PRIME;
        }
        return hash;
    }
}
