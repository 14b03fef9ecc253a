package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownNotifier;
import com.rabbitmq.client.ShutdownSignalException;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure.Kind;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the driver throws, in our words. */
final class Closures {
    private static final int ACCESS_REFUSED = AMQP.ACCESS_REFUSED;

    private Closures() {}

    static RefusedException refused(Throwable error) {
        return new RefusedException(of(error));
    }

    /** Of an exception of a call: the reason of the broker when there is one below. */
    static Closure of(Throwable error) {
        if (error instanceof RefusedException refused) {
            return refused.closure();
        }
        ShutdownSignalException signal = signalIn(error);
        if (error instanceof PossibleAuthenticationFailureException) {
            return authentication(error, signal);
        }
        if (signal != null) {
            return of(signal);
        }
        return new Closure(kind(error), 0, words(error), false, error);
    }

    /** A message has come and cannot be taken. */
    static Closure ofReading(Throwable error) {
        Kind kind = ofChannel(error);
        return new Closure(kind, 0, "taking a message failed with " + words(error), false, error);
    }

    private static Kind ofChannel(@Nullable Throwable error) {
        return error instanceof Error ? Kind.OVERTAXED : Kind.RECEIVED;
    }

    private static Kind kind(Throwable error) {
        if (error instanceof Error) {
            return Kind.PROCESS;
        }
        if (error instanceof MalformedFrameException) {
            return Kind.DRIVER;
        }
        return isOfNetwork(error) ? Kind.NETWORK : Kind.DRIVER;
    }

    static Closure of(ShutdownSignalException error) {
        ShutdownSignalException signal = first(error);
        Method reason = signal.getReason();
        boolean ofConnection = signal.isHardError();
        if (signal.isInitiatedByApplication()) {
            return new Closure(Kind.OURSELVES, 0, "closed by the client", ofConnection, signal);
        }
        if (reason instanceof AMQP.Connection.Close close) {
            return new Closure(Kind.BROKER, close.getReplyCode(), close.getReplyText(), true, signal);
        }
        if (reason instanceof AMQP.Channel.Close close) {
            return new Closure(Kind.BROKER, close.getReplyCode(), close.getReplyText(), false, signal);
        }
        Throwable cause = signal.getCause();
        return new Closure(
                cause == null ? Kind.NETWORK : kind(cause),
                0,
                cause == null ? "the connection was closed" : words(cause),
                ofConnection,
                signal);
    }

    /** A broker may close without a word when a password is wrong, so that nobody learns which users exist. */
    private static Closure authentication(Throwable error, @Nullable ShutdownSignalException signal) {
        if (signal != null && signal.getReason() instanceof AMQP.Connection.Close close) {
            return new Closure(Kind.BROKER, close.getReplyCode(), close.getReplyText(), true, error);
        }
        return new Closure(Kind.BROKER, ACCESS_REFUSED, words(error), true, error);
    }

    private static @Nullable ShutdownSignalException signalIn(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof ShutdownSignalException signal) {
                return signal;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Who comes after the end is told the broker's reason at most, not what the driver or the network ended it with: what has ended knows that. */
    private static ShutdownSignalException first(ShutdownSignalException signal) {
        ShutdownSignalException known =
                signal instanceof AlreadyClosedException && signal.getReference() instanceof ShutdownNotifier ended
                        ? ended.getCloseReason()
                        : null;
        return known == null ? signal : known;
    }

    /** Whether the driver has ended a connection because it could not read what came. */
    static boolean isUnreadable(Closure closure) {
        return causeOfEnd(closure) != null && (closure.kind() == Kind.DRIVER || closure.kind() == Kind.PROCESS);
    }

    /** The same as one of the channel that it came on. */
    static Closure received(Closure closure) {
        return new Closure(ofChannel(causeOfEnd(closure)), 0, closure.text(), true, closure.cause());
    }

    private static @Nullable Throwable causeOfEnd(Closure closure) {
        return closure.cause() instanceof ShutdownSignalException signal && closure.ofConnection()
                ? signal.getCause()
                : null;
    }

    private static boolean isOfNetwork(Throwable error) {
        return error instanceof IOException
                || error instanceof TimeoutException
                || error instanceof MissedHeartbeatException;
    }

    private static String words(Throwable error) {
        return error.getClass().getSimpleName() + (error.getMessage() == null ? "" : ": " + error.getMessage());
    }
}
