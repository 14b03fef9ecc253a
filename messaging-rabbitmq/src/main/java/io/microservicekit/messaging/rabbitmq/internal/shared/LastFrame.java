package io.microservicekit.messaging.rabbitmq.internal.shared;

/**
 * The channel of the frame that a connection read last: when the driver cannot read what came, that is whom it came for. And how many have come for
 * channels. One thread writes, any reads.
 */
public final class LastFrame {
    private volatile int channel;
    private volatile long heard;

    /** None has been read. */
    public LastFrame() {}

    /** Its channel; 0 for one of the connection itself, and before the first. */
    public int channel() {
        return channel;
    }

    /** How many have been read that were not of the connection itself, as its heartbeats are. */
    public long heard() {
        return heard;
    }

    /** One more has been read. */
    public void of(int read) {
        channel = read;
        if (read != 0) {
            long more = heard + 1;
            heard = more;
        }
    }
}
