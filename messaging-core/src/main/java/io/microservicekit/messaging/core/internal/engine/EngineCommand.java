package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;

/** What the state machine wants done. Commands are performed by the shell in the order they were issued, on the loop. */
sealed interface EngineCommand {
    void perform(CommandPort port);

    record StartRun(long run, Assignment assignment, List<ReceivedMessage> messages, int firstAttempt)
            implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.startRun(this);
        }
    }

    record StopRun(long run) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.stopRun(run);
        }
    }

    /** Which message waits for what cause, and where its wait is written down. */
    record Why(ReceivedMessage message, Throwable cause, Stall stall) {}

    /** Wait before the head of a lane is tried again, in the way its {@code kind} says; the cause is that of this wait. */
    record Park(Assignment assignment, long token, ParkKind kind, int count, Why why) implements EngineCommand {
        ReceivedMessage message() {
            return why.message();
        }

        Throwable cause() {
            return why.cause();
        }

        @Override
        public void perform(CommandPort port) {
            port.park(this);
        }
    }

    record CancelTimer(long token) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.cancelTimer(token);
        }
    }

    record PublishDeadLetter(Assignment assignment, long token, LetterForm form, Why why) implements EngineCommand {
        ReceivedMessage message() {
            return why.message();
        }

        Throwable cause() {
            return why.cause();
        }

        @Override
        public void perform(CommandPort port) {
            port.publishDeadLetter(this);
        }
    }

    record Acknowledge(Assignment assignment, long upTo, List<Long> alsoThese) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.acknowledge(assignment, upTo, alsoThese);
        }
    }

    /** A user's commit has taken effect as far as it can now, or is refused. */
    record CommitAnswered(long ticket, boolean accepted) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.commitAnswered(ticket, accepted);
        }
    }

    /** A user's commit waits for the broker to take what was acknowledged. */
    record Flush(Assignment assignment, long ticket) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.flush(assignment, ticket);
        }
    }

    record PauseIntake(Assignment assignment) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.pauseIntake(assignment);
        }
    }

    record ResumeIntake(Assignment assignment) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.resumeIntake(assignment);
        }
    }

    record Hold(Assignment assignment, long tag) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.hold(assignment, tag);
        }
    }

    record Release(Assignment assignment, long tag) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.release(assignment, tag);
        }
    }

    /** Wake up when the oldest unfinished delivery of a lane reaches the hold limit. */
    record WatchHold(Assignment assignment, long atNanos) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.watchHold(assignment, atNanos);
        }
    }

    record UnwatchHold(Assignment assignment) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.unwatchHold(assignment);
        }
    }

    record Recycle(Assignment assignment) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.recycle(assignment);
        }
    }

    record RevocationDone(long revocation) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.revocationDone(revocation);
        }
    }

    record Exhausted(ReceivedMessage message, Throwable cause) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.exhausted(message, cause);
        }
    }

    record Discarded(ReceivedMessage message, Throwable cause) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.discarded(message, cause);
        }
    }

    record Dropped(Assignment assignment, int messages) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.dropped(assignment, messages);
        }
    }

    record Failed(Throwable cause) implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.failed(cause);
        }
    }

    record Drained() implements EngineCommand {
        @Override
        public void perform(CommandPort port) {
            port.drained();
        }
    }
}
