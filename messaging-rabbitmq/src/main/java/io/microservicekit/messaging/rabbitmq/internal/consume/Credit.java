package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.TreeSet;

/** One consumer of a channel: the broker lets it have so many unacknowledged deliveries. */
final class Credit {
    final String consumerTag;
    final int size;
    private final TreeSet<Long> held = new TreeSet<>();
    private boolean live = true;
    private boolean gone;
    private int outstanding;

    Credit(String consumerTag, int size) {
        this.consumerTag = consumerTag;
        this.size = size;
    }

    void delivered() {
        outstanding++;
    }

    void settled(long tag) {
        outstanding--;
        held.remove(tag);
    }

    void hold(long tag) {
        held.add(tag);
    }

    void release(long tag) {
        held.remove(tag);
    }

    /** Nothing more is sent to it but what is on the way. */
    void end() {
        live = false;
    }

    /** Nothing more is on the way. */
    void gone() {
        gone = true;
    }

    /** Whether nothing can come of it any more. */
    boolean isSpent() {
        return gone && outstanding == 0;
    }

    boolean isLive() {
        return live;
    }

    int held() {
        return held.size();
    }

    /** What may be unacknowledged by it, now or later. */
    int capacity() {
        return live ? size : outstanding;
    }

    /** What may be unacknowledged by it and is not held. */
    int free() {
        return capacity() - held.size();
    }
}
