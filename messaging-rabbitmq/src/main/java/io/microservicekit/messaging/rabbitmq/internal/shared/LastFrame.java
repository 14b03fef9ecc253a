package io.microservicekit.messaging.rabbitmq.internal.shared;

/** The channel of the frame that a connection read last: when the driver cannot read what came, that is whom it came for. One thread writes, any reads. */
public final class LastFrame {
    private volatile int channel;

    /** None has been read. */
    public LastFrame() {}

    /** Its channel; 0 for one of the connection itself, and before the first. */
    public int channel() {
        return channel;
    }

    /** One more has been read. */
    public void of(int read) {
        channel = read;
    }
}
