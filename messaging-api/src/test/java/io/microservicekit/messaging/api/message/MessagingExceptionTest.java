package io.microservicekit.messaging.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MessagingExceptionTest {
    @Test
    void aCodeIsFoundInCausesAndSuppressedErrors() {
        ClosedException closed = new ClosedException(ErrorCode.PRODUCER_CLOSED, "closed");
        Exception outer = new IllegalStateException("outer", new RuntimeException("middle", closed));
        Exception suppressing = new IllegalStateException("suppressing");
        suppressing.addSuppressed(outer);
        assertThat(MessagingException.is(suppressing, ErrorCode.PRODUCER_CLOSED))
                .isTrue();
        assertThat(MessagingException.is(suppressing, ErrorCode.CLIENT_CLOSED)).isFalse();
        assertThat(MessagingException.is(null, ErrorCode.CLIENT_CLOSED)).isFalse();
    }

    @Test
    void aNarrowCodeIsAlsoItsBroaderOne() {
        SendException unroutable =
                new SendException(ErrorCode.UNROUTABLE, SendOutcome.NOT_DELIVERED, "nowhere to go", null);
        assertThat(MessagingException.is(unroutable, ErrorCode.SEND_MESSAGE)).isTrue();
        assertThat(MessagingException.is(unroutable, ErrorCode.UNROUTABLE)).isTrue();
        assertThat(unroutable.code()).isEqualTo(ErrorCode.UNROUTABLE);
    }

    @Test
    void errorsThatCauseEachOtherDoNotLoopForEver() {
        Exception one = new IllegalStateException("one");
        Exception two = new IllegalStateException("two", one);
        one.initCause(two);
        assertThat(MessagingException.is(one, ErrorCode.TIMEOUT)).isFalse();
    }

    @Test
    void theSeventeenCodesOfTheGoLibraryKeepTheirNames() {
        assertThat(Arrays.stream(ErrorCode.values()).limit(17).map(Enum::name))
                .containsExactly(
                        "NO_BROKERS",
                        "CREATE_CLIENT",
                        "CLIENT_CLOSED",
                        "NO_BROKERS_AVAILABLE",
                        "HEALTH_CHECK",
                        "EMPTY_GROUP_ID",
                        "PRODUCER_CLOSED",
                        "NIL_MESSAGE",
                        "EMPTY_TOPIC",
                        "NO_TOPICS",
                        "NIL_HANDLER",
                        "NO_ACTIVE_SESSION",
                        "UNSUPPORTED_TYPE",
                        "CREATE_PRODUCER",
                        "CREATE_CONSUMER",
                        "SEND_MESSAGE",
                        "BATCH_SEND");
    }
}
