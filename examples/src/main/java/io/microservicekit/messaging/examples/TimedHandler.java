package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;

/** Notes when the handler is called and when it ends. */
final class TimedHandler implements MessageHandler {
    private final MessageHandler handler;
    private final Facts facts;
    private final Narrator narrator;

    TimedHandler(MessageHandler handler, Facts facts, Narrator narrator) {
        this.handler = handler;
        this.facts = facts;
        this.narrator = narrator;
    }

    @Override
    public void handle(ReceivedMessage message) throws Exception {
        long begin = System.nanoTime();
        String id = Order.idOf(message);
        begun(message, id, begin);
        try {
            handler.handle(message);
        } finally {
            facts.attempts.add(new Facts.Attempt(id, message.attempt(), begin, System.nanoTime()));
        }
    }

    private void begun(ReceivedMessage message, String id, long begin) {
        facts.begun.add(id);
        if (message.attempt() > 1) {
            narrator.say(
                    "retry " + (message.attempt() - 1),
                    "order " + id + ", " + sinceFailure(id, begin) + " after it failed");
        }
    }

    private String sinceFailure(String id, long begin) {
        long failed = facts.attempts.stream()
                .filter(attempt -> attempt.order().equals(id))
                .mapToLong(Facts.Attempt::end)
                .reduce(begin, (earlier, later) -> later);
        return Narrator.seconds(Duration.ofNanos(begin - failed));
    }
}
