package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.concurrent.atomic.AtomicLong;

/** The numbers that channels of one connection are to have: each is given again only when all the others have been, whoever asks. */
public final class ChannelNumbers {
    private final AtomicLong given = new AtomicLong();

    /** None has been given. */
    public ChannelNumbers() {}

    /** The next one, from 1 to the most that there may be. Whoever finds that it is in use asks again. */
    public int next(int most) {
        return 1 + Math.floorMod(given.getAndIncrement(), most);
    }
}
