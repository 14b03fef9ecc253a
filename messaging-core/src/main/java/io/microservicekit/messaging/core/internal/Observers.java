package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.core.internal.shared.LoggedOnce;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/**
 * All observers of a client as one that never throws: an observer that does is logged once and changes nothing. What is told once per message is
 * told without a lambda: it allocates nothing.
 */
final class Observers implements MessagingObserver {
    private final Guarded[] guarded;

    private Observers(Guarded[] guarded) {
        this.guarded = guarded;
    }

    static MessagingObserver of(List<MessagingObserver> observers, System.Logger logger) {
        return observers.isEmpty()
                ? new MessagingObserver() {}
                : new Observers(observers.stream()
                        .map(observer -> new Guarded(observer, logger, new LoggedOnce()))
                        .toArray(Guarded[]::new));
    }

    @Override
    public void sent(SendResult result, long nanos) {
        for (Guarded observer : guarded) {
            observer.sent(result, nanos);
        }
    }

    @Override
    public void sendFailed(String topic, MessagingException cause) {
        tell(observer -> observer.sendFailed(topic, cause));
    }

    @Override
    public void handled(ReceivedMessage message, long nanos) {
        for (Guarded observer : guarded) {
            observer.handled(message, nanos);
        }
    }

    @Override
    public void handlerFailed(ReceivedMessage message, Throwable cause, long nanos) {
        for (Guarded observer : guarded) {
            observer.handlerFailed(message, cause, nanos);
        }
    }

    @Override
    public void handlerTimedOut(HandlerTimedOut event) {
        tell(observer -> observer.handlerTimedOut(event));
    }

    @Override
    public void retryScheduled(RetryScheduled event) {
        tell(observer -> observer.retryScheduled(event));
    }

    @Override
    public void exhausted(MessageExhausted event) {
        tell(observer -> observer.exhausted(event));
    }

    @Override
    public void deadLettered(DeadLettered event) {
        tell(observer -> observer.deadLettered(event));
    }

    @Override
    public void deadLetterFailed(DeadLetterFailed event) {
        tell(observer -> observer.deadLetterFailed(event));
    }

    @Override
    public void resultDropped(ResultDropped event) {
        tell(observer -> observer.resultDropped(event));
    }

    @Override
    public void positionReset(PositionReset event) {
        tell(observer -> observer.positionReset(event));
    }

    @Override
    public void subscriptionFailed(String group, MessagingException cause) {
        tell(observer -> observer.subscriptionFailed(group, cause));
    }

    private void tell(Consumer<MessagingObserver> news) {
        for (Guarded observer : guarded) {
            observer.tell(news);
        }
    }

    private record Guarded(MessagingObserver observer, System.Logger logger, LoggedOnce logged) {
        void sent(SendResult result, long nanos) {
            try {
                observer.sent(result, nanos);
            } catch (Throwable thrown) {
                threw(thrown);
            }
        }

        void handled(ReceivedMessage message, long nanos) {
            try {
                observer.handled(message, nanos);
            } catch (Throwable thrown) {
                threw(thrown);
            }
        }

        void handlerFailed(ReceivedMessage message, Throwable cause, long nanos) {
            try {
                observer.handlerFailed(message, cause, nanos);
            } catch (Throwable thrown) {
                threw(thrown);
            }
        }

        void tell(Consumer<MessagingObserver> news) {
            try {
                news.accept(observer);
            } catch (Throwable thrown) {
                threw(thrown);
            }
        }

        private void threw(Throwable thrown) {
            if (logged.first()) {
                String name = observer.getClass().getName();
                logger.log(Level.WARNING, "Observer " + name + " threw; it is called on, but not logged again", thrown);
            }
        }
    }
}
