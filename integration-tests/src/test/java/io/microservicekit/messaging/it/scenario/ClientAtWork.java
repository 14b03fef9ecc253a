package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import java.util.function.Predicate;

/** One client that sends to a topic and consumes it, accounted; its handlers can be held. */
final class ClientAtWork implements AutoCloseable {
    private static final int KEYS = 60;

    private final Client client;
    private final Work work;
    private final Gate gate = new Gate(message -> {});
    private final LedgeredHandler handler;
    private final MessagingClient messaging;
    private final LedgeredSender sender;

    /** Consumes already. */
    ClientAtWork(Client client, Run run, String name) {
        this.client = client;
        this.work = Work.on(client.backend(), run, name, client.partitions());
        this.handler = work.handler("consumer", gate);
        this.messaging = MessagingClients.builder().backend(client.options()).build();
        this.sender = new LedgeredSender(run, messaging.producer(), work.topic());
        messaging
                .consumer(work.group(), client.consuming())
                .subscribe(work.topic(), handler)
                .awaitReady(PATIENCE);
    }

    Work work() {
        return work;
    }

    Gate gate() {
        return gate;
    }

    MessagingClient messaging() {
        return messaging;
    }

    /** Sends at its rate while a part of a test runs, and returns when all is acknowledged. */
    void during(CommitSampler.Part part) throws Exception {
        work.sampled(() -> {
            sender.during(client.perSecond(), KEYS, gate.openAfter(part));
            work.awaitDrained();
        });
    }

    /** Returns when as many more messages are handled as it sends in a part of a second, or in several. */
    void awaitHandledOfSeconds(double seconds) {
        Work.awaitHandled(handler, (int) (client.perSecond() * seconds));
    }

    /** Returns when a handler runs, which goes on when the gate is opened, and so does each that comes after it. */
    void holdAHandler() {
        holdAHandler(message -> true);
    }

    /** The same for some messages only. */
    void holdAHandler(Predicate<ReceivedMessage> which) {
        gate.close(which);
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
    }

    /** Writes that a fault begins, as soon as a send is without an outcome; the broker answers no more by now. */
    void beginUnconfirmed(String fault) {
        sender.whenInFlight(() -> work.begin(fault));
    }

    /** Returns when a message was sent, confirmed and handled after now. */
    void awaitProgress() {
        Work.awaitProgress(sender, handler);
    }

    /** What it promises under a fault that comes so many times, each time on sends without an outcome and on running handlers. */
    ExpectationsBuilder promises(String fault, int times) {
        return Expectations.builder()
                .order(client.order())
                .duplicatesPer(fault, client.duplicates())
                .plansEach(fault, times, Bite.SEND_UNCONFIRMED)
                .plansEach(fault, times, Bite.HANDLER_RUNNING);
    }

    /** Closes it and judges. */
    void judge(ExpectationsBuilder promises) {
        messaging.close();
        work.judge(promises);
    }

    @Override
    public void close() {
        gate.open();
        messaging.close();
        work.run().close();
    }
}
