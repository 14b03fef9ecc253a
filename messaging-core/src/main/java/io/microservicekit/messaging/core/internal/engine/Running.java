package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.internal.shared.RunGate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run on a handler thread, as the loop sees it. */
final class Running {
    private final EngineCommand.StartRun command;
    private final RunGate gate;
    private int lastTimedOut = -1;

    Running(EngineCommand.StartRun command, RunGate gate) {
        this.command = command;
        this.gate = gate;
    }

    long id() {
        return command.run();
    }

    RunGate gate() {
        return gate;
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

    /** Null when all are finished and only the report is missing. */
    @Nullable Current current() {
        List<ReceivedMessage> messages = command.messages();
        int index = gate.completed();
        if (index >= messages.size()) {
            return null;
        }
        ReceivedMessage message = messages.get(index);
        return new Current(
                index == 0 ? message.withAttempt(command.firstAttempt()) : message, index, gate.calledSince(index));
    }

    /** True once for each message. */
    boolean timesOut(Current call) {
        boolean first = lastTimedOut != call.index();
        lastTimedOut = call.index();
        return first;
    }
}
