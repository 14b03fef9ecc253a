package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ShutdownNotifierComponent;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the driver throws, in our words. */
class ClosuresTest {
    private static ShutdownSignalException channelClosed(int code, String text) {
        return new ShutdownSignalException(
                false,
                false,
                new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build(),
                "channel");
    }

    private static ShutdownSignalException connectionLost(Throwable cause) {
        ShutdownSignalException signal = new ShutdownSignalException(true, false, null, "connection");
        signal.initCause(cause);
        return signal;
    }

    private static void assertIs(Closure closure, Closure.Kind kind, int code, String text) {
        assertThat(closure.kind()).isEqualTo(kind);
        assertThat(closure.code()).isEqualTo(code);
        assertThat(closure.text()).contains(text);
    }

    @Test
    void aChannelThatTheBrokerClosedHasItsCode() {
        Closure closure = Closures.of(new IOException(channelClosed(404, "NOT_FOUND - no queue 'q'")));
        assertIs(closure, Closure.Kind.BROKER, 404, "no queue 'q'");
        assertThat(closure.ofConnection()).isFalse();
    }

    @Test
    void aConnectionThatTheBrokerClosedHasItsCode() {
        AMQP.Connection.Close close = new AMQP.Connection.Close.Builder()
                .replyCode(320)
                .replyText("CONNECTION_FORCED")
                .build();
        Closure closure = Closures.of(new ShutdownSignalException(true, false, close, "connection"));
        assertIs(closure, Closure.Kind.BROKER, 320, "CONNECTION_FORCED");
        assertThat(closure.ofConnection()).isTrue();
    }

    @Test
    void aLostConnectionIsOneOfTheNetwork() {
        assertIs(Closures.of(connectionLost(new EOFException())), Closure.Kind.NETWORK, 0, "EOFException");
        assertIs(
                Closures.of(connectionLost(new MissedHeartbeatException("Heartbeat missing"))),
                Closure.Kind.NETWORK,
                0,
                "Heartbeat missing");
    }

    @Test
    void whatTheDriverCannotReadIsTheDriversRefusal() {
        Closure closure = Closures.of(connectionLost(new IllegalStateException("Message body is too large")));
        assertIs(closure, Closure.Kind.DRIVER, 0, "Message body is too large");
        assertThat(closure.ofConnection()).isTrue();
    }

    @Test
    void whatCameAndCannotBeReadIsToldApartFromTheNetwork() {
        assertThat(Closures.isUnreadable(Closures.of(connectionLost(new IllegalStateException("too large")))))
                .isTrue();
        assertThat(Closures.isUnreadable(Closures.of(connectionLost(new MalformedFrameException("nested")))))
                .isTrue();
        assertThat(Closures.isUnreadable(Closures.of(connectionLost(new EOFException()))))
                .isFalse();
        assertThat(Closures.isUnreadable(Closures.of(channelClosed(404, "NOT_FOUND"))))
                .isFalse();
    }

    @Test
    void anErrorWhileReadingIsOneOfTheProcessAndOfTheChannelThatWasRead() {
        Closure closure = Closures.of(connectionLost(new OutOfMemoryError("Java heap space")));
        assertIs(closure, Closure.Kind.PROCESS, 0, "Java heap space");
        assertThat(Closures.isUnreadable(closure)).isTrue();
        assertIs(Closures.received(closure), Closure.Kind.OVERTAXED, 0, "Java heap space");
        assertIs(Closures.ofReading(new OutOfMemoryError("x")), Closure.Kind.OVERTAXED, 0, "x");
    }

    @Test
    void aFrameThatIsNoneIsNotOfTheNetwork() {
        Closure closure = Closures.of(connectionLost(new MalformedFrameException("Bad frame end marker: 7")));
        assertIs(closure, Closure.Kind.DRIVER, 0, "Bad frame end marker");
        assertThat(Closures.received(closure).kind()).isEqualTo(Closure.Kind.RECEIVED);
    }

    @Test
    void whatComesTooLateForAClosedChannelIsToldWhatClosedIt() {
        assertIs(
                Closures.of(new AlreadyClosedException(channelClosed(404, "NOT_FOUND - no exchange 'x'"))),
                Closure.Kind.BROKER,
                404,
                "no exchange 'x'");
        ShutdownNotifierComponent connection = new ShutdownNotifierComponent();
        ShutdownSignalException signal = new ShutdownSignalException(true, false, null, connection);
        signal.initCause(new EOFException());
        connection.setShutdownCauseIfOpen(signal);
        Closure lost = Closures.of(new AlreadyClosedException(signal));
        assertIs(lost, Closure.Kind.NETWORK, 0, "EOFException");
        assertThat(lost.ofConnection()).isTrue();
    }

    @Test
    void aRefusedLoginIs403AlsoWhenTheBrokerOnlyClosed() {
        assertIs(
                Closures.of(new AuthenticationFailureException("ACCESS_REFUSED - Login was refused")),
                Closure.Kind.BROKER,
                403,
                "Login was refused");
        assertIs(
                Closures.of(new PossibleAuthenticationFailureException(connectionLost(new EOFException()))),
                Closure.Kind.BROKER,
                403,
                "");
    }

    @Test
    void aMissingVirtualHostIs530() {
        AMQP.Connection.Close close = new AMQP.Connection.Close.Builder()
                .replyCode(530)
                .replyText("NOT_ALLOWED - vhost v not found")
                .build();
        Closure closure = Closures.of(new IOException(new ShutdownSignalException(true, false, close, "connection")));
        assertIs(closure, Closure.Kind.BROKER, 530, "vhost v not found");
    }

    @Test
    void ourOwnEndIsOurs() {
        AMQP.Connection.Close close = new AMQP.Connection.Close.Builder()
                .replyCode(200)
                .replyText("OK")
                .build();
        assertIs(
                Closures.of(new AlreadyClosedException(new ShutdownSignalException(true, true, close, "connection"))),
                Closure.Kind.OURSELVES,
                0,
                "by the client");
    }
}
