package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.core.internal.shared.RunGate;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive messages of one lane on a handler thread: reads the gate before each message, publishes its progress after each, stops at the first
 * failure and then carries its result.
 */
final class HandlerRun {
    /** What all runs of a subscription share. */
    record Work(MessageHandler handler, RetryPolicy retry, MessagingObserver observer, LongSupplier ticker) {}

    private final Work work;
    private final EngineCommand.StartRun command;
    private final RunGate gate;
    private int completed;
    private @Nullable Failure failure;
    private int lastTimedOut = -1;

    HandlerRun(Work work, EngineCommand.StartRun command, RunGate gate) {
        this.work = work;
        this.command = command;
        this.gate = gate;
    }

    /** Whether there is a result; not if the run was withdrawn before. On a handler thread. */
    boolean run() {
        if (!gate.enter()) {
            return false;
        }
        try {
            List<ReceivedMessage> messages = command.messages();
            while (failure == null && completed < messages.size() && gate.isOpen()) {
                failure = attempt(completed);
                if (failure == null) {
                    gate.progress(++completed);
                }
            }
        } catch (Throwable bug) {
            failure = new Failure(Verdict.FATAL, bug);
        }
        return true;
    }

    /** How it ended; once it has. */
    EngineEvent.RunFinished result() {
        return new EngineEvent.RunFinished(command.run(), completed, failure);
    }

    long id() {
        return command.run();
    }

    RunGate gate() {
        return gate;
    }

    private @Nullable Failure attempt(int index) {
        ReceivedMessage message = message(index);
        long start = work.ticker().getAsLong();
        try {
            call(message, start);
        } catch (Throwable thrown) {
            work.observer().handlerFailed(message, thrown, work.ticker().getAsLong() - start);
            return new Failure(verdict(message.attempt(), thrown), thrown);
        }
        work.observer().handled(message, work.ticker().getAsLong() - start);
        return null;
    }

    private ReceivedMessage message(int index) {
        ReceivedMessage message = command.messages().get(index);
        return index == 0 ? message.withAttempt(command.firstAttempt()) : message;
    }

    private void call(ReceivedMessage message, long start) throws Exception {
        gate.begun(start);
        try {
            work.handler().handle(message);
        } finally {
            gate.ended();
            Thread.interrupted(); // neither a handler's stray flag nor our own interrupt must meet the next handler
        }
    }

    private Verdict verdict(int attempt, Throwable thrown) {
        if (isFatal(thrown)) {
            return Verdict.FATAL;
        }
        try {
            return work.retry().retries(attempt, thrown) ? Verdict.RETRY : Verdict.EXHAUSTED;
        } catch (Throwable badPredicate) { // which may rethrow what it is asked about, whatever that is
            if (isFatal(badPredicate)) {
                throw (Error) badPredicate;
            }
            if (badPredicate != thrown) {
                thrown.addSuppressed(badPredicate);
            }
            return Verdict.EXHAUSTED;
        }
    }

    private static boolean isFatal(Throwable thrown) {
        return thrown instanceof Error
                && !(thrown instanceof StackOverflowError)
                && !(thrown instanceof AssertionError);
    }

    /**
     * The first message that is not finished.
     *
     * @param index its place in the run
     * @param sinceNanos since when its handler has been called, {@link RunGate#IDLE} when it is not
     */
    record Current(ReceivedMessage message, int index, long sinceNanos) {
        boolean isCalled() {
            return sinceNanos != RunGate.IDLE;
        }
    }

    /** Null when all are finished and only the report is missing. On the loop, as what follows. */
    @Nullable Current current() {
        int index = gate.completed();
        return index >= command.messages().size() ? null : new Current(message(index), index, gate.calledSince(index));
    }

    /** True once for each message. */
    boolean timesOut(Current call) {
        boolean first = lastTimedOut != call.index();
        lastTimedOut = call.index();
        return first;
    }
}
