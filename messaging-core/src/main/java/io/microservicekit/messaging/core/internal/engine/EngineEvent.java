package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may happen to a subscription. Events are applied one at a time, on its loop. */
sealed interface EngineEvent {
    void applyTo(EngineState state);

    record Assigned(List<Assignment> assignments) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.assigned(assignments);
        }
    }

    record Delivered(Assignment assignment, List<ReceivedMessage> messages, long nanos) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.delivered(assignment, messages, nanos);
        }

        @Override
        public String toString() {
            return "Delivered[" + assignment + ", " + messages.get(0).position().tag() + ".."
                    + messages.get(messages.size() - 1).position().tag() + "]";
        }
    }

    record Progressed(long run, int completed) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.progressed(run, completed);
        }
    }

    record RunFinished(long run, int completed, @Nullable Failure failure) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.runFinished(run, completed, failure);
        }
    }

    /** Several at once, so that they are settled together. */
    record RunsFinished(List<RunFinished> runs) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            runs.forEach(run -> run.applyTo(state));
        }
    }

    record TimerDue(Assignment assignment, long token) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.timerDue(token);
        }
    }

    record HoldDue(Assignment assignment, long nanos) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.holdDue(assignment, nanos);
        }
    }

    record DeadLetterSettled(
            Assignment assignment, long token, @Nullable Throwable error) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.deadLetterSettled(token, error);
        }

        @Override
        public String toString() {
            return "DeadLetterSettled[" + assignment + ", token=" + token + ", "
                    + (error == null ? "confirmed" : "failed") + "]";
        }
    }

    /** A user's commit; {@code ticket} names it in the answer. */
    record Commit(long ticket, ReceivedMessage message) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.commit(ticket, message);
        }
    }

    record Pause() implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.pause();
        }
    }

    record Resume() implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.resume();
        }
    }

    record Acknowledged(Assignment assignment, long upTo) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.acknowledged(assignment, upTo);
        }
    }

    record Revoking(long revocation, List<Assignment> assignments) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.revoking(revocation, assignments);
        }
    }

    record RevokeExpired(long revocation) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.revokeExpired(revocation);
        }
    }

    record Lost(List<Assignment> assignments) implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.lost(assignments);
        }
    }

    record Stop() implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.stop();
        }
    }

    record StopExpired() implements EngineEvent {
        @Override
        public void applyTo(EngineState state) {
            state.stopExpired();
        }
    }
}
