package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;

/** Who performs the commands of the state machine: the shell, or a recorder in tests. */
interface CommandPort {
    void startRun(EngineCommand.StartRun command);

    void stopRun(long run);

    void park(EngineCommand.Park command);

    void cancelTimer(long token);

    void publishDeadLetter(EngineCommand.PublishDeadLetter command);

    void acknowledge(Assignment assignment, long upTo, List<Long> alsoThese);

    void commitAnswered(long ticket, boolean accepted);

    void flush(Assignment assignment, long ticket);

    void pauseIntake(Assignment assignment);

    void resumeIntake(Assignment assignment);

    void hold(Assignment assignment, long tag);

    void release(Assignment assignment, long tag);

    void watchHold(Assignment assignment, long atNanos);

    void unwatchHold(Assignment assignment);

    void recycle(Assignment assignment);

    void revocationDone(long revocation);

    void exhausted(ReceivedMessage message, Throwable cause);

    void discarded(ReceivedMessage message, Throwable cause);

    void dropped(Assignment assignment, int messages);

    void failed(Throwable cause);

    void drained();
}
