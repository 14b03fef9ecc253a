package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.api.message.ErrorCode.AUTHENTICATION;
import static io.microservicekit.messaging.api.message.ErrorCode.AUTHORIZATION;
import static io.microservicekit.messaging.api.message.ErrorCode.MESSAGE_TOO_LARGE;
import static io.microservicekit.messaging.api.message.ErrorCode.PRODUCER_CLOSED;
import static io.microservicekit.messaging.api.message.ErrorCode.SEND_MESSAGE;
import static io.microservicekit.messaging.api.message.ErrorCode.TIMEOUT;
import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.kafka.internal.shared.Refusal;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an answer of the driver says of the message. After the hand-over only an answer that does not depend on when it was given tells that the
 * message is not there: others may follow an attempt that arrived and whose confirmation was lost.
 */
class SendFailuresTest {
    static Stream<Arguments> afterTheHandOver() {
        return Stream.of(
                arguments(new RecordTooLargeException("too large"), NOT_DELIVERED, MESSAGE_TOO_LARGE),
                arguments(new RecordBatchTooLargeException("too large"), NOT_DELIVERED, MESSAGE_TOO_LARGE),
                arguments(new InvalidRecordException("tombstone without key"), NOT_DELIVERED, SEND_MESSAGE),
                arguments(new InvalidTimestampException("too old"), NOT_DELIVERED, SEND_MESSAGE),
                arguments(new InvalidTopicException("name"), NOT_DELIVERED, SEND_MESSAGE),
                arguments(new SerializationException("value"), NOT_DELIVERED, SEND_MESSAGE),
                arguments(new TopicAuthorizationException(Set.of("orders")), UNKNOWN, AUTHORIZATION),
                arguments(new ClusterAuthorizationException("no"), UNKNOWN, AUTHORIZATION),
                arguments(new SaslAuthenticationException("who"), UNKNOWN, AUTHENTICATION),
                arguments(new SslAuthenticationException("who"), UNKNOWN, AUTHENTICATION),
                arguments(new TimeoutException("expiring 1 record"), UNKNOWN, TIMEOUT),
                arguments(new NetworkException("reset"), UNKNOWN, SEND_MESSAGE),
                arguments(new DisconnectException("reset"), UNKNOWN, SEND_MESSAGE),
                arguments(new NotEnoughReplicasException("1 of 2"), UNKNOWN, SEND_MESSAGE),
                arguments(new NotEnoughReplicasAfterAppendException("1 of 2"), UNKNOWN, SEND_MESSAGE),
                arguments(new NotLeaderOrFollowerException("moved"), UNKNOWN, SEND_MESSAGE),
                arguments(new UnknownTopicOrPartitionException("deleted"), UNKNOWN, SEND_MESSAGE),
                arguments(new CorruptRecordException("crc"), UNKNOWN, SEND_MESSAGE),
                arguments(new KafkaStorageException("disk"), UNKNOWN, SEND_MESSAGE),
                arguments(new OutOfOrderSequenceException("gap"), UNKNOWN, SEND_MESSAGE),
                arguments(new UnknownProducerIdException("expired"), UNKNOWN, SEND_MESSAGE),
                arguments(new InvalidProducerEpochException("old"), UNKNOWN, SEND_MESSAGE),
                arguments(new ProducerFencedException("fenced"), UNKNOWN, SEND_MESSAGE),
                arguments(new UnsupportedForMessageFormatException("headers"), UNKNOWN, SEND_MESSAGE),
                arguments(new UnknownServerException("?"), UNKNOWN, SEND_MESSAGE),
                arguments(new KafkaException("Producer is closed forcefully."), UNKNOWN, SEND_MESSAGE),
                arguments(new IllegalStateException("a bug"), UNKNOWN, SEND_MESSAGE));
    }

    @ParameterizedTest
    @MethodSource("afterTheHandOver")
    void anAnswerAfterTheHandOverTellsTheOutcome(Exception answer, SendOutcome outcome, ErrorCode code) {
        SendException error = (SendException) SendFailures.of("orders", answer);
        assertThat(error.outcome()).isEqualTo(outcome);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error).hasCause(answer).hasMessageContainingAll("'orders'", answer.getMessage());
        assertThat(error).hasMessageContaining(outcome == UNKNOWN ? "may make a duplicate" : "It was not delivered");
    }

    @ParameterizedTest
    @MethodSource("afterTheHandOver")
    void theSameAnswerBeforeTheHandOverMeansNotDelivered(Exception answer, SendOutcome outcome, ErrorCode code) {
        SendException error = (SendException) SendFailures.refused("orders", answer);
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(error.code()).isEqualTo(code);
    }

    @Test
    void whatTheGateEndsWasNeverHandedOver() {
        Set<String> codes = new TreeSet<>();
        for (Refusal refusal : Refusal.values()) {
            MessagingException error = SendFailures.of("orders", refusal);
            assertThat(((SendException) error).outcome()).isEqualTo(NOT_DELIVERED);
            codes.add(error.code().name());
        }
        assertThat(codes).containsExactly(PRODUCER_CLOSED.name(), TIMEOUT.name());
    }

    @Test
    void whatWasHandedOverAndHasNoAnswerIsUnknown() {
        assertThat(((SendException) SendFailures.undecided("orders")).outcome()).isEqualTo(UNKNOWN);
        assertThat(((SendException) SendFailures.abandoned("orders")).outcome()).isEqualTo(UNKNOWN);
    }
}
