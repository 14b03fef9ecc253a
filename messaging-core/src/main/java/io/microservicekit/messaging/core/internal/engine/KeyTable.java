package io.microservicekit.messaging.core.internal.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of keys by topic and content of the key; a look-up makes no object. Never iterated, so that its order means nothing. Keys that collide
 * share a bucket, whose length the bounds on messages in flight keep in check.
 */
final class KeyTable {
    private @Nullable KeyLane[] buckets = new KeyLane[16];
    private int size;

    static int hash(String topic, byte[] key) {
        int hash = 31 * topic.hashCode() + Arrays.hashCode(key);
        return hash ^ (hash >>> 16);
    }

    @Nullable KeyLane get(String topic, byte[] key, int hash) {
        KeyLane lane = buckets[bucket(hash)];
        while (lane != null && !lane.isOf(topic, key, hash)) {
            lane = lane.next;
        }
        return lane;
    }

    void add(KeyLane lane) {
        if (size == buckets.length) {
            grow();
        }
        size++;
        link(lane);
    }

    private void link(KeyLane lane) {
        int bucket = bucket(lane.hash);
        lane.next = buckets[bucket];
        buckets[bucket] = lane;
    }

    void remove(KeyLane lane) {
        int bucket = bucket(lane.hash);
        KeyLane before = null;
        KeyLane at = buckets[bucket];
        while (at != lane && at != null) {
            before = at;
            at = at.next;
        }
        if (at == null) {
            return;
        }
        if (before == null) {
            buckets[bucket] = lane.next;
        } else {
            before.next = lane.next;
        }
        lane.next = null;
        size--;
    }

    int size() {
        return size;
    }

    private int bucket(int hash) {
        return hash & (buckets.length - 1);
    }

    private void grow() {
        KeyLane[] before = buckets;
        buckets = new KeyLane[2 * before.length];
        for (KeyLane lane : before) {
            while (lane != null) {
                KeyLane next = lane.next;
                link(lane);
                lane = next;
            }
        }
    }
}
