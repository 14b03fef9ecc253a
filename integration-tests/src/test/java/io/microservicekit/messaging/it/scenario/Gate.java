package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Holds handlers while it is closed, so that some are certain to run when a fault hits. */
public final class Gate implements MessageHandler {
    private final MessageHandler work;
    private final AtomicReference<CountDownLatch> closed = new AtomicReference<>();
    private final AtomicInteger held = new AtomicInteger();
    private volatile Predicate<ReceivedMessage> forWhom = message -> true;

    /** Open; behind it is some work. */
    public Gate(MessageHandler work) {
        this.work = work;
    }

    @Override
    public void handle(ReceivedMessage message) throws Exception {
        CountDownLatch latch = closed.get();
        if (latch != null && forWhom.test(message)) {
            held.incrementAndGet();
            try {
                latch.await();
            } finally {
                held.decrementAndGet();
            }
        }
        work.handle(message);
    }

    /** Holds each call that comes. */
    public void close() {
        close(message -> true);
    }

    /** Holds the calls for some messages; those that it holds already go on with them. */
    public void close(Predicate<ReceivedMessage> which) {
        forWhom = which;
        closed.compareAndSet(null, new CountDownLatch(1));
    }

    /** Lets all go on. */
    public void open() {
        CountDownLatch latch = closed.getAndSet(null);
        if (latch != null) {
            latch.countDown();
        }
    }

    /** A part of a test after which all go on, also when it fails: a client does not close while its handlers are held. */
    public CommitSampler.Part openAfter(CommitSampler.Part part) {
        return () -> {
            try {
                part.run();
            } finally {
                open();
            }
        };
    }

    /** How many calls it holds. */
    public int held() {
        return held.get();
    }
}
