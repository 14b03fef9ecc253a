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
 * failure and reports once.
 */
final class HandlerRun implements Runnable {
    /** What all runs of a subscription share. */
    record Work(MessageHandler handler, RetryPolicy retry, MessagingObserver observer, LongSupplier ticker) {}

    /** Takes the report of a run, on the handler thread. */
    interface Report {
        void finished(int completed, @Nullable Failure failure);
    }

    private final Work work;
    private final List<ReceivedMessage> messages;
    private final int firstAttempt;
    private final RunGate gate;
    private final Report report;

    HandlerRun(Work work, EngineCommand.StartRun command, RunGate gate, Report report) {
        this.work = work;
        this.messages = command.messages();
        this.firstAttempt = command.firstAttempt();
        this.gate = gate;
        this.report = report;
    }

    @Override
    public void run() {
        int completed = 0;
        Failure failure = null;
        gate.enter();
        try {
            while (failure == null && completed < messages.size() && gate.isOpen()) {
                failure = attempt(completed);
                if (failure == null) {
                    gate.progress(++completed);
                }
            }
        } catch (Throwable bug) {
            failure = new Failure(Verdict.FATAL, bug);
        }
        report.finished(completed, failure);
    }

    private @Nullable Failure attempt(int index) {
        ReceivedMessage message = index == 0 ? messages.get(0).withAttempt(firstAttempt) : messages.get(index);
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
        if (thrown instanceof Error && !(thrown instanceof StackOverflowError) && !(thrown instanceof AssertionError)) {
            return Verdict.FATAL;
        }
        try {
            return work.retry().retries(attempt, thrown) ? Verdict.RETRY : Verdict.EXHAUSTED;
        } catch (RuntimeException badPredicate) {
            thrown.addSuppressed(badPredicate);
            return Verdict.EXHAUSTED;
        }
    }
}
