package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import java.util.ArrayList;
import java.util.List;

/** Keeps what observers are told. */
final class RecordedEvents implements MessagingObserver {
    final List<ReceivedMessage> handled = new ArrayList<>();
    final List<HandlerTimedOut> timeouts = new ArrayList<>();
    final List<RetryScheduled> retries = new ArrayList<>();
    final List<MessageExhausted> exhausted = new ArrayList<>();
    final List<DeadLettered> deadLettered = new ArrayList<>();
    final List<DeadLetterFailed> deadLetterFailures = new ArrayList<>();
    final List<ResultDropped> dropped = new ArrayList<>();
    final List<MessagingException> failures = new ArrayList<>();
    final List<MessagingException> sendFailures = new ArrayList<>();

    @Override
    public void sendFailed(String topic, MessagingException cause) {
        sendFailures.add(cause);
    }

    @Override
    public void handled(ReceivedMessage message, long nanos) {
        handled.add(message);
    }

    @Override
    public void handlerTimedOut(HandlerTimedOut event) {
        timeouts.add(event);
    }

    @Override
    public void retryScheduled(RetryScheduled event) {
        retries.add(event);
    }

    @Override
    public void exhausted(MessageExhausted event) {
        exhausted.add(event);
    }

    @Override
    public void deadLettered(DeadLettered event) {
        deadLettered.add(event);
    }

    @Override
    public void deadLetterFailed(DeadLetterFailed event) {
        deadLetterFailures.add(event);
    }

    @Override
    public void resultDropped(ResultDropped event) {
        dropped.add(event);
    }

    @Override
    public void subscriptionFailed(String group, MessagingException cause) {
        failures.add(cause);
    }
}
