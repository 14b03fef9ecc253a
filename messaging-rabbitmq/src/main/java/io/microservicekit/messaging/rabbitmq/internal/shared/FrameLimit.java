package io.microservicekit.messaging.rabbitmq.internal.shared;

/** How many bytes a frame may have, as the last connection negotiated it. */
public final class FrameLimit {
    private static final int USUAL = 131_072;

    private volatile int bytes = USUAL;

    /** What brokers allow unless they are told otherwise. */
    public FrameLimit() {}

    public int bytes() {
        return bytes;
    }

    /** Zero means that there is no limit. */
    public void negotiated(int frameMax) {
        bytes = frameMax == 0 ? Integer.MAX_VALUE : frameMax;
    }
}
