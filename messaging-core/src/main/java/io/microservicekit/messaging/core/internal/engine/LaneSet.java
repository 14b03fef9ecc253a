package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The lanes of one assignment, and which of its messages belong to which. */
interface LaneSet {
    /** Takes messages in, and has the holding queue the lanes that they wake. */
    void deliver(Chunk chunk);

    /** The lane of the first message of the assignment that is neither handled nor finished, null when there is none. */
    @Nullable Lane lowest();

    /** Whether that message may be handled without starting anew, or there is none. */
    boolean isLowestClaimed();

    /** The lane whose head a message is, null when it is none's. */
    @Nullable Lane withHead(ReceivedMessage message);

    /** The lane that a message waits in beside other lanes, null when it is handled or there is but one. */
    @Nullable Lane besideOthers(ReceivedMessage message);

    /** Visits the lanes that have messages, in the order in which their heads were delivered. */
    void forEach(Consumer<Lane> visitor);

    /** A lane without messages does nothing any more. */
    void forget(Lane lane);

    /** How many delivered messages are not finished. */
    int inFlight();

    long inFlightBytes();

    /** When the oldest unfinished message was delivered; there is one. */
    long oldestNanos();

    /** The same for a copy of the holding. */
    LaneSet copy(Holding copy);

    /** In a copy: the lane that stands for one of the original that has messages or runs. */
    Lane twin(Lane original);

    String dump();
}
