package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;

/** Keeps the lives of a client's messages, and marks what only observers see. */
final class MarkingObserver implements MessagingObserver {
    private final Marks marks;
    private final Lives lives;

    MarkingObserver(Marks marks, Lives lives) {
        this.marks = marks;
        this.lives = lives;
    }

    @Override
    public void retryScheduled(RetryScheduled event) {
        lives.parked(event.message());
    }

    @Override
    public void exhausted(MessageExhausted event) {
        marks.reached("exhausted");
        lives.deadLettering(event.message());
    }

    @Override
    public void deadLettered(DeadLettered event) {
        marks.reached("dead-lettered");
        lives.deadLettered(event.message());
    }

    @Override
    public void deadLetterFailed(DeadLetterFailed event) {
        marks.reached("a dead letter failed");
        lives.deadLetterFailed(event.message());
    }

    @Override
    public void resultDropped(ResultDropped event) {
        marks.reached(event.messages() > 0 ? "a late result was dropped" : "a late failure was dropped");
    }
}
