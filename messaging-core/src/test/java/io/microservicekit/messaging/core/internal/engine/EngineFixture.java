package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A state machine that is told what happens and tells in words what it wants done; remembers runs, timers and dead letters by assignment. */
@SuppressWarnings("StaticAssignmentOfThrowable") // an identity to recognise, its trace is of no interest
final class EngineFixture implements CommandPort {
    static final Assignment A = new Assignment("a", 0, 1);
    static final Assignment A_AGAIN = new Assignment("a", 0, 2);
    static final Assignment B = new Assignment("b", 0, 1);
    static final Exception NO_STOCK = new IllegalStateException("no stock");
    static final EngineLimits LIMITS = new EngineLimits(2, 1_000, 1_000_000, 1_000, 0, false, ExhaustedPolicy.BLOCK);
    static final EngineLimits DEAD_LETTERS =
            new EngineLimits(2, 1_000, 1_000_000, 1_000, 0, true, ExhaustedPolicy.BLOCK);

    private final EngineState machine;
    private final Map<Assignment, Long> runs = new LinkedHashMap<>();
    private final Map<Assignment, Long> tokens = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();
    private final Map<MessagePosition, ReceivedMessage> delivered = new LinkedHashMap<>();

    EngineFixture(EngineLimits limits) {
        machine = new EngineState(limits);
    }

    static EngineLimits exhausted(ExhaustedPolicy policy) {
        return new EngineLimits(2, 1_000, 1_000_000, 1_000, 0, false, policy);
    }

    EngineState machine() {
        return machine;
    }

    List<String> apply(EngineEvent event) {
        said.clear();
        List.copyOf(machine.apply(event)).forEach(command -> command.perform(this));
        return List.copyOf(said);
    }

    List<String> assigned(Assignment... assignments) {
        return apply(new EngineEvent.Assigned(List.of(assignments)));
    }

    List<String> delivered(Assignment assignment, int from, int to) {
        List<ReceivedMessage> messages = new ArrayList<>();
        for (int tag = from; tag <= to; tag++) {
            ReceivedMessage message = message(assignment, tag);
            delivered.put(message.position(), message);
            messages.add(message);
        }
        return apply(new EngineEvent.Delivered(assignment, messages, 0));
    }

    List<String> keyed(Assignment assignment, int tag, String key) {
        Message.Builder message = Message.builder(assignment.topic()).keyText(key);
        return apply(new EngineEvent.Delivered(assignment, List.of(message(assignment, tag, message)), 0));
    }

    static ReceivedMessage message(Assignment assignment, long tag) {
        return message(assignment, tag, Message.builder(assignment.topic()));
    }

    private static ReceivedMessage message(Assignment assignment, long tag, Message.Builder message) {
        MessagePosition position =
                new MessagePosition(assignment.topic(), assignment.partition(), tag, assignment.epoch(), tag);
        return ReceivedMessage.of(message.value(new byte[10]).build(), position, "g");
    }

    /** A run that was started has ended: all its handlers that were called returned. */
    List<String> ran(Assignment assignment, int completed) {
        return apply(new EngineEvent.RunFinished(run(assignment), completed, null));
    }

    /** The runs of several have ended at once, each after so many messages. */
    List<String> ranTogether(int completed, Assignment... assignments) {
        List<EngineEvent.RunFinished> runs = new ArrayList<>();
        for (Assignment assignment : assignments) {
            runs.add(new EngineEvent.RunFinished(run(assignment), completed, null));
        }
        return apply(new EngineEvent.RunsFinished(runs));
    }

    List<String> failed(Assignment assignment, int completed, Verdict verdict) {
        Throwable cause = verdict == Verdict.FATAL ? new LinkageError("broken") : NO_STOCK;
        return apply(new EngineEvent.RunFinished(run(assignment), completed, new Failure(verdict, cause)));
    }

    List<String> progressed(Assignment assignment, int completed) {
        return apply(new EngineEvent.Progressed(run(assignment), completed));
    }

    private long run(Assignment assignment) {
        return runs.getOrDefault(assignment, -1L);
    }

    List<String> timer(Assignment assignment) {
        return apply(new EngineEvent.TimerDue(assignment, tokens.get(assignment)));
    }

    List<String> deadLetterConfirmed(Assignment assignment) {
        return apply(new EngineEvent.DeadLetterSettled(assignment, tokens.get(assignment), null));
    }

    List<String> deadLetterFailed(Assignment assignment) {
        return deadLetterFailed(assignment, NO_STOCK);
    }

    List<String> deadLetterFailed(Assignment assignment, Throwable error) {
        return apply(new EngineEvent.DeadLetterSettled(assignment, tokens.get(assignment), error));
    }

    /** The user commits a message that was delivered. */
    List<String> commit(long ticket, Assignment assignment, long tag) {
        MessagePosition position = message(assignment, tag).position();
        return apply(new EngineEvent.Commit(ticket, delivered.get(position)));
    }

    List<String> committed(Assignment assignment, long upTo) {
        return apply(new EngineEvent.Acknowledged(assignment, upTo));
    }

    List<String> revoking(long revocation, Assignment... assignments) {
        return apply(new EngineEvent.Revoking(revocation, List.of(assignments)));
    }

    List<String> lost(Assignment... assignments) {
        return apply(new EngineEvent.Lost(List.of(assignments)));
    }

    List<String> stop() {
        return apply(new EngineEvent.Stop());
    }

    List<String> stopExpired() {
        return apply(new EngineEvent.StopExpired());
    }

    @Override
    public void startRun(EngineCommand.StartRun command) {
        runs.put(command.assignment(), command.run());
        List<ReceivedMessage> messages = command.messages();
        long first = messages.get(0).position().tag();
        long last = messages.get(messages.size() - 1).position().tag();
        say("start", command.assignment(), first + ".." + last + " attempt " + command.firstAttempt());
    }

    @Override
    public void stopRun(long run) {
        runs.forEach((assignment, id) -> {
            if (id == run) {
                say("stop run", assignment, "");
            }
        });
    }

    @Override
    public void park(EngineCommand.Park command) {
        tokens.put(command.assignment(), command.token());
        say("park", command.assignment(), command.kind() + " " + command.count());
    }

    @Override
    public void cancelTimer(long token) {
        tokens.forEach((assignment, id) -> {
            if (id == token) {
                say("cancel timer", assignment, "");
            }
        });
    }

    @Override
    public void publishDeadLetter(EngineCommand.PublishDeadLetter command) {
        tokens.put(command.assignment(), command.token());
        ReceivedMessage message = command.message();
        String form = command.form() == LetterForm.FULL ? "" : " as " + command.form();
        say(
                "dead letter",
                command.assignment(),
                message.position().tag() + " after attempt " + message.attempt() + form);
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, List<Long> alsoThese) {
        say("acknowledge", assignment, upTo + (alsoThese.isEmpty() ? "" : " and " + alsoThese));
    }

    @Override
    public void commitAnswered(long ticket, boolean accepted) {
        said.add("commit " + ticket + (accepted ? " accepted" : " refused"));
    }

    @Override
    public void flush(Assignment assignment, long ticket) {
        say("flush", assignment, "for " + ticket);
    }

    @Override
    public void pauseIntake(Assignment assignment) {
        say("pause", assignment, "");
    }

    @Override
    public void resumeIntake(Assignment assignment) {
        say("resume", assignment, "");
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        say("hold", assignment, "" + tag);
    }

    @Override
    public void release(Assignment assignment, long tag) {
        say("release", assignment, "" + tag);
    }

    @Override
    public void watchHold(Assignment assignment, long atNanos) {
        say("watch", assignment, "at " + atNanos);
    }

    @Override
    public void unwatchHold(Assignment assignment) {
        say("unwatch", assignment, "");
    }

    @Override
    public void recycle(Assignment assignment) {
        say("recycle", assignment, "");
    }

    @Override
    public void revocationDone(long revocation) {
        said.add("revocation " + revocation + " done");
    }

    @Override
    public void exhausted(ReceivedMessage message, Throwable cause) {
        said.add("exhausted " + message.position().tag() + " after attempt " + message.attempt());
    }

    @Override
    public void discarded(ReceivedMessage message, Throwable cause) {
        said.add("discarded " + message.position().tag());
    }

    @Override
    public void dropped(Assignment assignment, int messages) {
        say("dropped", assignment, "" + messages);
    }

    @Override
    public void failed(Throwable cause) {
        said.add("failed by " + cause.getMessage());
    }

    @Override
    public void drained() {
        said.add("drained");
    }

    private void say(String what, Assignment assignment, String more) {
        String name = assignment.topic() + "#" + assignment.epoch();
        said.add((what + " " + name + " " + more).strip());
    }
}
