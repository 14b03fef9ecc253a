package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.TreeSet;

/** One consumer of a channel: the broker lets it have so many unacknowledged deliveries. Its window keeps the sums of all of them. */
final class Credit {
    final String consumerTag;
    final int number;
    private final Window window;
    private final int size;
    private final TreeSet<Long> held = new TreeSet<>();
    private final TreeSet<Long> released = new TreeSet<>();
    private boolean live = true;
    private boolean gone;
    private int outstanding;

    Credit(Window window, int number, String consumerTag, int size) {
        this.window = window;
        this.number = number;
        this.consumerTag = consumerTag;
        this.size = size;
    }

    void delivered() {
        window.change(this, () -> outstanding++);
    }

    void settled(long tag) {
        window.change(this, () -> {
            outstanding--;
            held.remove(tag);
            released.remove(tag);
        });
    }

    void hold(long tag) {
        window.change(this, () -> {
            held.add(tag);
            released.remove(tag);
        });
    }

    void release(long tag) {
        window.change(this, () -> {
            if (held.remove(tag)) {
                released.add(tag);
            }
        });
    }

    /** Nothing more is sent to it but what is on the way. */
    void end() {
        window.change(this, () -> live = false);
    }

    /** Nothing more is on the way. */
    void gone() {
        window.change(this, () -> gone = true);
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

    /** How many were held at some time, and are not settled. */
    int retried() {
        return held.size() + released.size();
    }

    /** What may be unacknowledged by it, now or later. The broker may have sent all of it before it is told of the end. */
    int capacity() {
        return gone ? outstanding : size;
    }

    /** What may be unacknowledged by it and is not held. */
    int free() {
        return capacity() - held.size();
    }
}
