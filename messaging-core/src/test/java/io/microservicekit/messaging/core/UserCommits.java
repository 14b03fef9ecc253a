package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;

/** What the user of a member in a random run does with messages that it has to commit: at once, before it fails, or some time later in any order. */
final class UserCommits {
    private final RandomScenario run;
    private final MessageConsumer consumer;
    private final List<ReceivedMessage> kept = new ArrayList<>();

    UserCommits(RandomScenario run, MessageConsumer consumer) {
        this.run = run;
        this.consumer = consumer;
    }

    /** Whether the message was committed in the handler, before its end. */
    boolean commitBefore(ReceivedMessage message) {
        boolean committed = run.manual && run.random.nextInt(4) == 0 && commit(message);
        run.mark(committed, "committed before the handler ended");
        return committed;
    }

    /** The handler is about to return normally. */
    void handled(ReceivedMessage message) {
        if (!run.manual) {
            return;
        }
        if (run.isHealed() || run.random.nextInt(3) == 0) {
            commit(message);
        } else {
            kept.add(message);
        }
    }

    void commitSome() {
        for (int i = run.random.nextInt(4); i > 0 && !kept.isEmpty(); i--) {
            int index = run.random.nextInt(kept.size());
            run.mark(index > 0, "committed out of order");
            commit(kept.remove(index));
        }
    }

    void commitAll() {
        while (!kept.isEmpty()) {
            commit(kept.remove(kept.size() - 1));
        }
    }

    private boolean commit(ReceivedMessage message) {
        run.ledger.committing(message);
        try {
            consumer.commit(message);
            return true;
        } catch (MessagingException e) {
            run.mark(e.code() == ErrorCode.NO_ACTIVE_SESSION, "a commit of a lost session was refused");
            run.mark(e.code() == ErrorCode.TIMEOUT, "a commit was not answered");
            return false;
        }
    }
}
