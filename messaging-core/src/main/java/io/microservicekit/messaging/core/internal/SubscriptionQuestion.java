package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.core.internal.engine.EngineHealth;
import io.microservicekit.messaging.core.internal.engine.ReasonText;
import io.microservicekit.messaging.core.internal.shared.SharedAnswer.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The question to a subscription how it is. */
record SubscriptionQuestion(Subject subject, Asked<EngineHealth> asked) {
    /** A subscription and what it was made for. */
    record Subject(String group, List<String> topics, CoreSubscription subscription) {
        Subject {
            topics = new ArrayList<>(topics);
        }

        SubscriptionQuestion ask(long now) {
            return new SubscriptionQuestion(this, subscription.ask(now));
        }
    }

    /** The answer, or that there was none in so long a time. */
    SubscriptionHealth outcome(Duration patience) {
        EngineHealth silent = unresponsive("its event loop has not answered for " + patience);
        EngineHealth answer = asked.answer().isDone()
                ? asked.answer().exceptionally(SubscriptionQuestion::broken).getNow(silent)
                : silent;
        return new SubscriptionHealth(
                subject.group(),
                subject.topics(),
                answer.state(),
                answer.reasons(),
                answer.inFlight(),
                answer.parked(),
                answer.oldest());
    }

    private static EngineHealth broken(Throwable bug) {
        return unresponsive("asking it how it is failed: " + ReasonText.of(bug));
    }

    private static EngineHealth unresponsive(String why) {
        return new EngineHealth(SubscriptionState.UNRESPONSIVE, List.of(why), 0, 0, null);
    }
}
