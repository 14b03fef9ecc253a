package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exceptions, loggers and observers of users that throw themselves: messages go their way all the same. */
class ThrowingUserCodeSimTest {
    private static final String FORGED = "card\r\n2026-11-23 ERROR forged";
    private static final String ESCAPED = "card\\u000d\\u000a2026-11-23 ERROR forged";

    private static final ConsumerOptions DEAD_LETTERS =
            ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();

    private final SimWorld world = SimWorld.topics(1);

    @AfterEach
    void end() {
        world.close();
    }

    /** An exception that cannot be asked for its text. */
    private static final class Wordless extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    /** A logger that throws. */
    private static final class Broken implements System.Logger {
        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public boolean isLoggable(Level level) {
            throw new IllegalStateException("disk full");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            throw new IllegalStateException("disk full");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... params) {
            throw new StackOverflowError("disk full");
        }
    }

    private MessagingClient client(System.Logger logger) {
        return world.builder("a").logger(logger).build();
    }

    @Test
    void anExceptionThatThrowsWhenAskedForItsTextIsDeadLetteredWithItsClassAndStopsNothing() {
        Subscription subscription = world.subscribe("a", DEAD_LETTERS, message -> {
            throw new Wordless();
        });
        world.sendTo(0, "bad", "worse");
        world.sim.settle();

        assertThat(subscription.completion()).isNotDone();
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(2);
        assertThat(world.broker
                        .messages(SimWorld.DEAD)
                        .get(0)
                        .message()
                        .headers()
                        .text(DeadLetterHeaders.ERROR_MESSAGE))
                .isEqualTo(Wordless.class.getName());
        assertThat(world.committed(0)).isEqualTo(2);
    }

    @Test
    void aLineOfAnExceptionThatCannotBeWrittenIsWrittenWithItsClass() {
        RecordedLog log = new RecordedLog() {
            @Override
            public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
                super.log(level, bundle, text + (thrown == null ? "" : thrown.getMessage()), thrown);
            }
        };
        world.subscribe(client(log), DEAD_LETTERS, message -> {
            throw new Wordless();
        });
        world.sendTo(0, "bad");
        world.sim.settle();

        assertThat(log.containing("failed for good")).singleElement().asString().contains(Wordless.class.getName());
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void textsOfExceptionsForgeNoLinesInTheLog() {
        assertThat(traceOf(new IllegalStateException("bad", new IllegalArgumentException(FORGED))))
                .startsWith("java.lang.IllegalStateException: bad")
                .contains("Caused by: java.lang.IllegalArgumentException: " + ESCAPED)
                .contains("ThrowingUserCodeSimTest.java");
        assertThat(world.committed(0)).isEqualTo(1);
    }

    /** As {@code JAXBException}, which names another one on a line of its own. */
    @SuppressWarnings("OverrideThrowableToString")
    private static final class OwnText extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return FORGED;
        }
    }

    @Test
    void textsThatAnExceptionMakesItselfForgeNoneEither() {
        assertThat(traceOf(new OwnText())).startsWith(ESCAPED);
    }

    @Test
    void norDoesOneThatLiesDeepInAChainOfCauses() {
        Exception chain = new IllegalStateException(FORGED);
        for (int i = 0; i < 12; i++) {
            chain = new IllegalStateException("bad", chain);
        }
        assertThat(traceOf(chain))
                .startsWith("java.lang.IllegalStateException: bad")
                .doesNotContain(FORGED);
    }

    private String traceOf(Exception failure) {
        List<String> traces = new ArrayList<>();
        RecordedLog log = new RecordedLog() {
            @Override
            public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
                if (thrown != null) {
                    StringWriter trace = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(trace));
                    traces.add(trace.toString());
                }
            }
        };
        world.subscribe(client(log), DEAD_LETTERS, message -> {
            throw failure;
        });
        world.sendTo(0, "bad");
        world.sim.settle();
        assertThat(traces).hasSize(1);
        return traces.get(0);
    }

    @Test
    void aLoggerThatThrowsKeepsNoMessageFromItsWay() {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                .handlerTimeout(Duration.ofSeconds(1))
                .deadLetterQueue(SimWorld.DEAD)
                .logger(new Broken())
                .build();
        world.broker.failSends(SimWorld.DEAD, SendOutcome.NOT_DELIVERED, 1);
        Subscription subscription = world.subscribe(client(new Broken()), options, message -> {
            world.work(Duration.ofSeconds(3));
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad", "worse");
        world.seconds(60);

        assertThat(subscription.completion()).isNotDone();
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(2);
        assertThat(world.committed(0)).isEqualTo(2);
    }

    @Test
    void aLoggerThatThrowsDoesNotKeepAFailedSubscriptionAlive() {
        ConsumerOptions options =
                ConsumerOptions.builder().exhausted(ExhaustedPolicy.STOP).build();
        Subscription subscription = world.subscribe(client(new Broken()), options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");
        world.seconds(10);

        assertThat(subscription.completion()).isCompletedExceptionally();
    }

    @Test
    void anObserverAndALoggerThatBothThrowLeaveNoSendOpen() {
        MessagingClient client = world.builder("a")
                .logger(new Broken())
                .observer(new MessagingObserver() {
                    @Override
                    public void sent(SendResult result, long nanos) {
                        throw new IllegalStateException("broken");
                    }
                })
                .build();
        CompletableFuture<SendResult> sent = client.producer(
                        ProducerOptions.builder().logger(new Broken()).build())
                .sendAsync(Message.builder("orders").build());
        world.sim.settle();

        assertThat(sent).isCompleted();
    }
}
