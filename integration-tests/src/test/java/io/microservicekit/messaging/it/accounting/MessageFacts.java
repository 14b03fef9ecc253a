package io.microservicekit.messaging.it.accounting;

import org.jspecify.annotations.Nullable;

/** What a history says about one message. */
final class MessageFacts {
    static final int NEVER = Integer.MAX_VALUE;

    private final MessageId id;
    private @Nullable Position position;
    private @Nullable String sender;
    private int intents;
    private int acks;
    private int rejections;
    private int unknowns;
    private int starts;
    private int oks;
    private int deadLetters;
    private int firstFinish = NEVER;
    private int highestAttempt;
    private int lastFailure = NEVER;

    MessageFacts(MessageId id) {
        this.id = id;
    }

    void sent(Event.Sent sent, String process) {
        switch (sent.step()) {
            case INTENT -> {
                intents++;
                sender = process;
            }
            case ACK -> {
                acks++;
                position = position == null ? sent.position() : position;
            }
            case REJECTED -> rejections++;
            case UNKNOWN -> unknowns++;
        }
    }

    void handled(Event.Handling handling, int index) {
        switch (handling.step()) {
            case START -> starts++;
            case OK -> {
                oks++;
                firstFinish = Math.min(firstFinish, index);
            }
            case DLQ_OK -> {
                deadLetters++;
                firstFinish = Math.min(firstFinish, index);
            }
            case FAIL -> {
                if (handling.attempt() > highestAttempt) {
                    highestAttempt = handling.attempt();
                    lastFailure = index;
                }
            }
            case ABANDONED -> {}
        }
    }

    /** Counts the message as finished with the failure of its highest attempt. */
    void finishedByFailure() {
        firstFinish = Math.min(firstFinish, lastFailure);
    }

    MessageId id() {
        return id;
    }

    @Nullable Position position() {
        return position;
    }

    /** Returns the process of the last intent, null if the message was never sent. */
    @Nullable String sender() {
        return sender;
    }

    int intents() {
        return intents;
    }

    int outcomes() {
        return acks + rejections + unknowns;
    }

    int unknowns() {
        return unknowns;
    }

    boolean acked() {
        return acks > 0;
    }

    boolean rejected() {
        return rejections > 0;
    }

    boolean seen() {
        return starts + oks + deadLetters > 0;
    }

    int oks() {
        return oks;
    }

    int deadLetters() {
        return deadLetters;
    }

    boolean finished() {
        return oks + deadLetters > 0;
    }

    /** Returns the index of the entry that finished the message, {@link #NEVER} if none did. */
    int firstFinish() {
        return firstFinish;
    }

    @Nullable TopicPartition place() {
        return position == null ? null : new TopicPartition(id.topic(), position.partition());
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
