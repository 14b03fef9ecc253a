package io.microservicekit.messaging.it.scenario;

import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.it.accounting.EndState;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.Edge;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Report;
import java.time.Duration;
import java.util.Objects;

/**
 * What one run works on.
 *
 * @param run the run
 * @param backend the broker
 * @param topic a topic that exists
 * @param group a group of this run
 */
public record Work(Run run, BackendUnderTest backend, String topic, String group) {
    /** How long a test waits for what must come. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Creates a topic for a run. */
    public static Work on(BackendUnderTest backend, Run run, String name, int partitions) {
        Work work = new Work(run, backend, run.name(name), run.name(name + "-group"));
        backend.createTopic(work.topic(), partitions);
        return work;
    }

    /** A handler that is accounted. */
    public LedgeredHandler handler(String member, MessageHandler work) {
        return new LedgeredHandler(run.ledger(), run.id(), member, work);
    }

    /** Reads what the group commits while a part of a test runs. */
    public void sampled(CommitSampler.Part part) throws Exception {
        new CommitSampler(backend, run, group, topic).during(part);
    }

    /** Writes into the ledger that a fault begins. */
    public void begin(String fault) {
        run.ledger().append(new Event.Fault(fault, Edge.BEGIN));
    }

    /** Writes into the ledger that a fault is healed, which an independent client has seen. */
    public void end(String fault) {
        run.ledger().append(new Event.Fault(fault, Edge.END));
    }

    /** Returns when the group has committed all there is. */
    public void awaitDrained() {
        await("lag 0 of " + topic)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> backend.isDrained(group, topic));
    }

    /** Returns when so many more messages are handled. */
    public static void awaitHandled(LedgeredHandler handler, int more) {
        int enough = handler.handled() + more;
        await(more + " more messages handled").atMost(PATIENCE).until(() -> handler.handled() >= enough);
    }

    /** Returns when a message was sent, confirmed and handled after now. */
    public static void awaitProgress(LedgeredSender sender, LedgeredHandler handler) {
        long confirmed = sender.confirmed();
        int handled = handler.handled();
        await("progress").atMost(PATIENCE).until(() -> sender.confirmed() > confirmed && handler.handled() > handled);
    }

    /** Prints what happened and fails with all that breaks the promises. */
    public void judge(ExpectationsBuilder promises) {
        History history = run.history();
        System.out.println(topic + " on " + backend + ": " + Report.of(history).line());
        EndState end = await("the end at the broker")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> backend.end(group, topic), Objects::nonNull);
        run.assertKeeps(history, promises.endsWith(end).build());
    }
}
