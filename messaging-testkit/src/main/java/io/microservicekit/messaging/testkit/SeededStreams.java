package io.microservicekit.messaging.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Streams of randomness, each derived from the seed, its purpose and how often that purpose was asked for. Guarded by the lock of its world. */
final class SeededStreams {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final long seed;
    private final Map<String, Long> counts = new TreeMap<>();

    SeededStreams(long seed) {
        this.seed = seed;
    }

    SplittableRandom stream(String purpose) {
        long count = counts.merge(purpose, 1L, Long::sum);
        return new SplittableRandom(mix(mix(seed + GOLDEN_GAMMA) ^ fnv1a(purpose)) + GOLDEN_GAMMA * count);
    }

    private static long fnv1a(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** The finalizer of SplitMix64: neighbouring seeds must not give neighbouring streams. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
