package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.NonRetryableException;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ConsumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExhaustedSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimWorld world = SimWorld.topics(2);
    private boolean healed;

    @AfterEach
    void end() {
        world.close();
    }

    private void failBad(String value) {
        if (value.startsWith("bad") && !healed) {
            throw new IllegalStateException("no stock");
        }
    }

    private static ConsumerOptions policy(ExhaustedPolicy policy) {
        return ConsumerOptions.builder().exhausted(policy).build();
    }

    @Test
    void aBlockedMessageIsTriedAgainWithACappedBackOffAndHoldsItsLaneOnly() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> failBad(String.valueOf(message.valueText())));
        world.sendTo(0, "bad", "behind");
        world.sendTo(1, "free-1", "free-2");

        world.seconds(125);

        assertThat(world.secondsOf("bad")).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 61L, 91L, 121L);
        assertThat(world.attemptsOf("bad")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(world.values()).contains("free-1", "free-2").doesNotContain("behind");
        assertThat(world.committed(0)).isZero();
        assertThat(world.committed(1)).isEqualTo(2);
        assertThat(world.events.exhausted).hasSize(1);

        healed = true;
        world.seconds(30);

        assertThat(world.values()).endsWith("bad", "behind");
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void theBackOffOfABlockedLaneStartsAnewForTheNextMessage() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> failBad(String.valueOf(message.valueText())));
        world.sendTo(0, "bad-1");
        world.seconds(8);
        healed = true;
        world.seconds(8);
        healed = false;
        world.sendTo(0, "bad-2");
        world.seconds(4);

        assertThat(world.secondsOf("bad-2")).containsExactly(16L, 17L, 19L);
        assertThat(world.attemptsOf("bad-2")).containsExactly(1, 2, 3);
    }

    @Test
    void aDiscardedMessageIsAcknowledgedOnceItsRetriesAreUsedUp() {
        ConsumerOptions options = ConsumerOptions.builder()
                .exhausted(ExhaustedPolicy.DISCARD)
                .retry(RetryPolicy.exponential(1, SECOND))
                .build();
        world.subscribe("a", options, message -> failBad(String.valueOf(message.valueText())));

        world.sendTo(0, "bad", "behind");
        assertThat(world.committed(0)).isZero();
        world.seconds(1);

        assertThat(world.values()).containsExactly("bad", "bad", "behind");
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(world.events.exhausted).hasSize(1);
        assertThat(world.log.containing("Discarded")).hasSize(1);
    }

    @Test
    void stopFailsTheSubscriptionUnacknowledgedAndTheConsumerMaySubscribeAgain() {
        MessagingClient client = world.client("a");
        MessageConsumer consumer = client.consumer(SimWorld.GROUP, policy(ExhaustedPolicy.STOP));
        Subscription first = consumer.subscribe(
                SimWorld.TOPIC, world.recorded(message -> failBad(String.valueOf(message.valueText()))));
        first.awaitReady(SECOND);
        world.sendTo(0, "bad", "behind");

        assertThat(first.completion()).isCompletedExceptionally();
        assertThatThrownBy(() -> first.completion().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ConsumeException.class)
                .hasRootCauseMessage("no stock");
        assertThat(world.committed(0)).isZero();
        assertThat(world.events.failures).hasSize(1);

        healed = true;
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {})).awaitReady(SECOND);
        world.sim.settle();

        assertThat(world.values()).containsExactly("bad", "bad", "behind");
        assertThat(world.attemptsOf("bad")).containsExactly(1, 1);
        assertThat(world.committed(0)).isEqualTo(2);
    }

    @Test
    void aFailedSubscriptionCanBeReplacedInTheContinuationOfItsCompletion() {
        MessageConsumer consumer = world.client("a").consumer(SimWorld.GROUP, policy(ExhaustedPolicy.STOP));
        Subscription first = consumer.subscribe(
                SimWorld.TOPIC, world.recorded(message -> failBad(String.valueOf(message.valueText()))));
        first.awaitReady(SECOND);
        List<Subscription> second = new ArrayList<>();
        CompletableFuture<?> replaced = first.completion().handle((done, error) -> {
            healed = true;
            return second.add(consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {})));
        });

        world.sendTo(0, "bad");

        assertThat(replaced).isCompleted();
        assertThat(world.attemptsOf("bad")).containsExactly(1, 1);
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aNonRetryableExceptionIsDeadLetteredAfterTheFirstAttempt() {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, SECOND))
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        world.subscribe("a", options, message -> {
            throw new NonRetryableException("malformed");
        });

        world.sendTo(0, "bad");

        assertThat(world.calls).hasSize(1);
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter("malformed");
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void anErrorFailsTheSubscriptionAndIsNeitherRetriedNorDeadLettered() {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, SECOND))
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        Subscription subscription = world.subscribe("a", options, message -> {
            throw new NoClassDefFoundError("driver");
        });

        world.sendTo(0, "bad", "behind");
        world.seconds(60);

        assertThat(world.values()).containsExactly("bad");
        assertThat(subscription.completion()).isCompletedExceptionally();
        assertThat(world.broker).topic(SimWorld.DEAD).isEmpty();
        assertThat(world.committed(0)).isZero();
        assertThat(world.log.containing("ERROR")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, AssertionError.class})
    void anErrorOfOneMessageOnlyCountsAsAFailure(Class<? extends Error> kind) throws ReflectiveOperationException {
        Error error = kind.getDeclaredConstructor().newInstance();
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, SECOND))
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        Subscription subscription = world.subscribe("a", options, message -> {
            throw error;
        });

        world.sendTo(0, "bad");
        world.seconds(1);

        assertThat(world.attemptsOf("bad")).containsExactly(1, 2);
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter(kind.getName());
        assertThat(subscription.completion()).isNotDone();
    }

    @Test
    void aRetryPredicateThatThrowsExhaustsTheMessageInsteadOfBreakingTheSubscription() {
        exhaustsWith(IllegalStateException.class, failure -> {
            throw new IllegalArgumentException("bad predicate");
        });
    }

    /** As one that begins with {@code Throwables.throwIfUnchecked}, or that hides what it throws from the compiler. */
    @ParameterizedTest
    @ValueSource(
            classes = {IllegalStateException.class, IOException.class, StackOverflowError.class, AssertionError.class})
    void aRetryPredicateThatThrowsWhatItIsAskedAboutExhaustsTheMessageToo(Class<? extends Throwable> kind) {
        exhaustsWith(kind, ExhaustedSimTest::rethrows);
    }

    @Test
    void aRetryPredicateThatOverflowsExhaustsTheMessageToo() {
        exhaustsWith(IllegalStateException.class, failure -> {
            throw new StackOverflowError();
        });
    }

    @Test
    void anErrorOfARetryPredicateThatDoesNotConcernOneMessageIsTheReasonWhyTheSubscriptionFails() {
        Error error = new NoClassDefFoundError("a class of the predicate");
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.builder(3, SECOND)
                        .retryOn(failure -> {
                            throw error;
                        })
                        .build())
                .build();
        Subscription subscription =
                world.subscribe("a", options, message -> failBad(String.valueOf(message.valueText())));

        world.sendTo(0, "bad");

        assertThat(subscription.completion())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .isSameAs(error);
        assertThat(world.committed(0)).isZero();
    }

    private static boolean rethrows(Throwable failure) {
        ExhaustedSimTest.<RuntimeException>throwHidden(failure);
        return false;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwHidden(Throwable failure) throws T {
        throw (T) failure;
    }

    private void exhaustsWith(Class<? extends Throwable> kind, Predicate<Throwable> bad) {
        RetryPolicy broken = RetryPolicy.builder(3, SECOND).retryOn(bad).build();
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(broken)
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        world.subscribe("a", options, message -> {
            if ("bad".equals(message.valueText())) {
                ExhaustedSimTest.<Exception>throwHidden(
                        kind.getDeclaredConstructor().newInstance());
            }
        });

        world.sendTo(0, "bad", "behind");

        assertThat(world.values()).containsExactly("bad", "behind");
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter(kind.getName());
    }
}
