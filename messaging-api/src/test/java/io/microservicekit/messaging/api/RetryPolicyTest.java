package io.microservicekit.messaging.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void exponentialWaitsExactlyOneTwoAndFourSeconds() {
        RetryPolicy policy = RetryPolicy.exponential(3, SECOND);
        assertThat(IntStream.rangeClosed(1, 3).mapToObj(retry -> policy.delay(retry, random)))
                .containsExactly(SECOND, Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void threeRetriesMakeFourAttempts() {
        RetryPolicy policy = RetryPolicy.exponential(3, SECOND);
        Exception failure = new IllegalStateException("x");
        assertThat(IntStream.rangeClosed(1, 4).mapToObj(attempt -> policy.retries(attempt, failure)))
                .containsExactly(true, true, true, false);
    }

    @Test
    void noneNeverRetries() {
        assertThat(RetryPolicy.none().retries(1, new IllegalStateException("x")))
                .isFalse();
    }

    @Test
    void aNonRetryableExceptionAndWhatThePredicateRefusesAreNotRetried() {
        RetryPolicy policy = RetryPolicy.builder(3, SECOND)
                .retryOn(failure -> failure instanceof IllegalStateException)
                .build();
        assertThat(policy.retries(1, new IllegalStateException("x"))).isTrue();
        assertThat(policy.retries(1, new IllegalArgumentException("x"))).isFalse();
        assertThat(policy.retries(1, new NonRetryableException("x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 100})
    void waitsNeverShrinkNeverOverflowAndStayBelowTheCap(double multiplier) {
        RetryPolicy policy = RetryPolicy.builder(1000, SECOND)
                .multiplier(multiplier)
                .maxDelay(Duration.ofHours(1))
                .build();
        Duration before = Duration.ZERO;
        for (int retry : new int[] {1, 2, 3, 33, 34, 63, 64, 65, 1000, Integer.MAX_VALUE}) {
            Duration delay = policy.delay(retry, random);
            assertThat(delay).isGreaterThanOrEqualTo(before).isBetween(SECOND, Duration.ofHours(1));
            before = delay;
        }
    }

    @Test
    void whatIsNotToBeRetriedMayHaveNoTextOfItsOwn() {
        IllegalStateException cause = new IllegalStateException();
        NonRetryableException failure = new NonRetryableException(cause.getMessage(), cause);
        assertThat(failure).hasMessage(cause.toString()).hasCause(cause);
        assertThat(RetryPolicy.exponential(3, SECOND).retries(1, failure)).isFalse();
    }

    @Test
    void jitterOnlyLengthensAndByItsShareAtMost() {
        RetryPolicy policy = RetryPolicy.builder(3, SECOND).jitter(0.5).build();
        List<Duration> delays =
                IntStream.range(0, 1000).mapToObj(i -> policy.delay(1, random)).toList();
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(SECOND, Duration.ofMillis(1500)));
        assertThat(delays.stream().distinct().count()).isGreaterThan(900);
    }

    @Test
    void allViolationsAreReportedAtOnceWithValueAndRange() {
        assertThatThrownBy(() -> RetryPolicy.builder(-1, Duration.ZERO)
                        .multiplier(Double.NaN)
                        .jitter(2)
                        .build())
                .hasMessageContaining("maxRetries is -1, must be from 0 to 1000")
                .hasMessageContaining("initialDelay is PT0S")
                .hasMessageContaining("multiplier is NaN")
                .hasMessageContaining("jitter is 2.0")
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void aCapBelowTheFirstWaitIsRefused() {
        assertThatThrownBy(() -> RetryPolicy.builder(1, SECOND)
                        .maxDelay(Duration.ofMillis(999))
                        .build())
                .hasMessageContaining("maxDelay is PT0.999S");
    }
}
