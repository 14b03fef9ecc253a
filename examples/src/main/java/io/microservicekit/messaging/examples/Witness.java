package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;

/** Watches a client: notes what it is told, and hands it to the narrator. */
final class Witness implements MessagingObserver {
    private final Facts facts;
    private final Narrator narrator;

    Witness(Facts facts, Narrator narrator) {
        this.facts = facts;
        this.narrator = narrator;
    }

    @Override
    public void handled(ReceivedMessage message, long nanos) {
        if (message.topic().equals(Script.DEAD_LETTERS)) {
            facts.deadLetters.add(message);
            return;
        }
        String id = Order.idOf(message);
        narrator.say("handled", "order " + id + ", attempt " + message.attempt());
        facts.handled.add(id);
    }

    @Override
    public void handlerFailed(ReceivedMessage message, Throwable cause, long nanos) {
        narrator.say(
                "failed",
                "order " + Order.idOf(message) + ", attempt " + message.attempt() + ": " + cause.getMessage());
    }

    @Override
    public void retryScheduled(RetryScheduled event) {
        facts.retries.add(event);
        narrator.say(
                "will retry",
                "order " + Order.idOf(event.message()) + ", retry " + event.retry() + " after "
                        + Narrator.seconds(event.delay()));
    }

    @Override
    public void deadLettered(DeadLettered event) {
        SendResult to = event.deadLetter();
        narrator.say(
                "dead-lettered",
                "order " + Order.idOf(event.message()) + " after "
                        + event.message().attempt() + " attempts, to " + to.topic() + " " + to.partition() + "@"
                        + to.offset());
        facts.deadLettered.add(event);
    }

    @Override
    public void sendFailed(String topic, MessagingException cause) {
        surprise("a send to " + topic + " failed: " + cause.getMessage());
    }

    @Override
    public void deadLetterFailed(DeadLetterFailed event) {
        surprise("a dead letter could not be written: " + event.cause().getMessage());
    }

    @Override
    public void resultDropped(ResultDropped event) {
        surprise("a result of " + event.topic() + "-" + event.partition() + " was dropped");
    }

    @Override
    public void positionReset(PositionReset event) {
        surprise("the position of " + event.topic() + "-" + event.partition() + " was reset");
    }

    @Override
    public void subscriptionFailed(String group, MessagingException cause) {
        surprise("the subscription of " + group + " failed: " + cause.getMessage());
    }

    private void surprise(String what) {
        narrator.say("surprise", what);
        facts.surprises.add(what);
    }
}
