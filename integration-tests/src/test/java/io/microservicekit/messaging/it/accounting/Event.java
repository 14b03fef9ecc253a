package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a process writes into its ledger. */
public sealed interface Event {

    /** How far a send got. */
    enum SendStep {
        INTENT,
        ACK,
        REJECTED,
        UNKNOWN
    }

    /** How far a handler got. */
    enum HandlerStep {
        START,
        OK,
        FAIL,
        DLQ_OK,
        ABANDONED
    }

    /** Whether something begins or ends. */
    enum Edge {
        BEGIN,
        END
    }

    /** What happened to a member; all but ASSIGN disrupt it. */
    enum Change {
        ASSIGN,
        REVOKE,
        LOST,
        RECONNECT
    }

    /**
     * A step of a send. INTENT is written before the send is called, the outcome when it is known.
     *
     * @param step the step
     * @param id the message
     * @param position where an acknowledged message lies, null where the broker does not tell
     */
    record Sent(SendStep step, MessageId id, @Nullable Position position) implements Event {
        /** The send is about to be called. */
        public static Sent intent(MessageId id) {
            return new Sent(SendStep.INTENT, id, null);
        }

        /** The broker took the message and said where it lies. */
        public static Sent ack(MessageId id, Position position) {
            return new Sent(SendStep.ACK, id, position);
        }

        /** The broker took the message; it has no positions. */
        public static Sent ack(MessageId id) {
            return new Sent(SendStep.ACK, id, null);
        }

        /** The message was not delivered. */
        public static Sent rejected(MessageId id) {
            return new Sent(SendStep.REJECTED, id, null);
        }

        /** Nobody knows whether the message was delivered. */
        public static Sent unknown(MessageId id) {
            return new Sent(SendStep.UNKNOWN, id, null);
        }
    }

    /**
     * A step of a handler. START is the handler's first statement, OK its last one.
     *
     * @param step the step
     * @param id the message
     * @param attempt counted from 1
     * @param member the consumer, unique in its process
     * @param epoch the assignment or connection that delivered it
     */
    record Handling(HandlerStep step, MessageId id, int attempt, String member, long epoch) implements Event {
        /** The handler was called. */
        public static Handling start(MessageId id, int attempt, String member, long epoch) {
            return new Handling(HandlerStep.START, id, attempt, member, epoch);
        }

        /** Returns the next step of the same call. */
        public Handling then(HandlerStep next) {
            return new Handling(next, id, attempt, member, epoch);
        }
    }

    /**
     * Bytes that are no message of this run.
     *
     * @param member who received them
     * @param reason what is wrong, never the content
     */
    record Spoiled(String member, String reason) implements Event {}

    /**
     * A fault that the driver makes. A fault without an END lasts until the end of the history.
     *
     * @param kind the name that the expectations use
     * @param edge whether it begins or is healed (an independent probe succeeded)
     */
    record Fault(String kind, Edge edge) implements Event {
        /** A fault of this kind resets committed offsets on purpose: they may go back after it. */
        public static final String OFFSET_RESET = "offset-reset";
    }

    /**
     * A change of a member's assignment or connection.
     *
     * @param change the change
     * @param member the consumer, named as in its handlings
     * @param place the partition concerned, null for all of the member
     */
    record Membership(
            Change change, String member, @Nullable TopicPartition place) implements Event {}

    /**
     * A sample of a committed offset, written after it was read from the broker.
     *
     * @param group the consumer group
     * @param place the partition
     * @param offset the committed offset: the next one to read
     */
    record Committed(String group, TopicPartition place, long offset) implements Event {}

    /**
     * A shutdown or close.
     *
     * @param edge BEGIN before the call, END when it returned
     * @param who what is closed, unique in its process
     * @param deadline the time that it was given
     */
    record Shutdown(Edge edge, String who, Duration deadline) implements Event {}
}
