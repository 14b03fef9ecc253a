package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.io.EOFException;
import java.net.SocketException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The errors of connecting. */
final class ConnectFailures {
    private ConnectFailures() {}

    /** Whether the broker refused who we are, or we refused who it is: it will not change by asking often, and accounts are locked by it. */
    static boolean isOfIdentity(Closure closure) {
        return closure.kind() == Closure.Kind.CREDENTIALS
                || (closure.code() == ReplyCodes.ACCESS_REFUSED && closure.ofConnection())
                || isOfTls(closure);
    }

    /** Whether the broker has as many connections or channels as it may have: that passes. What is quoted are names, whatever they say. */
    static boolean isOfLimit(Closure closure) {
        return closure.code() == ReplyCodes.NOT_ALLOWED
                && closure.text().replaceAll("'[^']*'", "").contains("limit");
    }

    private static boolean isOfTls(Closure closure) {
        Throwable encrypted = below(closure.cause(), SSLException.class);
        return encrypted != null
                && below(encrypted, EOFException.class) == null
                && below(encrypted, SocketException.class) == null;
    }

    /** The first of a kind in a chain of causes. A handshake that was cut has the end of its socket below: it says nothing of certificates. */
    private static @Nullable Throwable below(@Nullable Throwable error, Class<? extends Throwable> kind) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (kind.isInstance(cause)) {
                return cause;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** An attempt has failed. */
    static BackendUnavailableException of(String connection, Closure closure) {
        return new BackendUnavailableException(
                code(closure),
                "Connecting to RabbitMQ as '" + Shown.text(connection) + "' failed: " + words(closure) + ". "
                        + remedy(closure),
                closure.cause());
    }

    /** What an attempt ended with; one that could not even begin says of this process. */
    static Closure closureOf(@Nullable Throwable error) {
        return error instanceof RefusedException refused
                ? refused.closure()
                : new Closure(Closure.Kind.PROCESS, 0, String.valueOf(error), true, error);
    }

    static BackendUnavailableException closedWhileAsked(String connection) {
        return of(connection, new Closure(Closure.Kind.OURSELVES, 0, "the client is closed", true, null));
    }

    /** There is a connection, and the broker gave no answer on it. */
    static BackendUnavailableException unanswered(String connection, Closure closure) {
        return new BackendUnavailableException(
                code(closure),
                "Asking RabbitMQ on its connection '" + Shown.text(connection) + "' failed: " + words(closure) + ". "
                        + remedy(closure),
                closure.cause());
    }

    /** The same has ended it over and over; whether there are further attempts, the one concerned says. */
    static BackendUnavailableException endless(String connection, Closure closure, boolean goesOn) {
        return new BackendUnavailableException(
                codeOfEndless(closure),
                "Working on RabbitMQ connection '" + Shown.text(connection)
                        + "' failed, again and again for the same reason: " + words(closure)
                        + (goesOn ? ". Attempts go on. " : ". No further attempt is made. ") + remedy(closure),
                closure.cause());
    }

    /** What is said of a connection on which the broker is not asked any more. */
    static String unasked(String connection, Closure closure) {
        return "RabbitMQ connection '" + Shown.text(connection)
                + "' was ended because the channel of a health check was one too many (" + words(closure)
                + "). From now on health checks open none: they say whether the connection is open, not whether the broker answers on it. "
                + remedy(closure);
    }

    static String queuesUnasked(String connection, Closure closure) {
        return "RabbitMQ connection '" + Shown.text(connection)
                + "' was ended because the channel on which health checks ask for the queues that are consumed was one too many ("
                + words(closure) + "). From now on they do not ask for these. " + remedy(closure);
    }

    private static ErrorCode codeOfEndless(Closure closure) {
        return switch (closure.kind()) {
            case DRIVER -> isOfSize(closure) ? ErrorCode.MESSAGE_TOO_LARGE : code(closure);
            case RECEIVED -> isOfSize(closure) ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.MALFORMED_HEADER;
            case OVERTAXED -> ErrorCode.MESSAGE_TOO_LARGE;
            default -> code(closure);
        };
    }

    /** By the words of the driver, which has no exception of its own for it. */
    private static boolean isOfSize(Closure closure) {
        return closure.text().contains("body is too large") || closure.text().contains("Frame size is invalid");
    }

    /** As the middle of a sentence. */
    static String impediment(@Nullable Closure closure) {
        return closure == null ? "not connected yet" : "not connected: " + words(closure);
    }

    private static String words(Closure closure) {
        String shown = Shown.text(closure.text());
        String text = shown.endsWith(".") ? shown.substring(0, shown.length() - 1) : shown;
        return closure.code() == 0 ? text : closure.code() + " " + text;
    }

    private static ErrorCode code(Closure closure) {
        if (isOfIdentity(closure)) {
            return ErrorCode.AUTHENTICATION;
        }
        return switch (closure.code()) {
            case ReplyCodes.NOT_ALLOWED -> codeOfNotAllowed(closure);
            case ReplyCodes.ACCESS_REFUSED -> ErrorCode.AUTHORIZATION;
            case ReplyCodes.NOT_FOUND, ReplyCodes.PRECONDITION_FAILED -> ErrorCode.TOPOLOGY_MISMATCH;
            default -> ErrorCode.NO_BROKERS_AVAILABLE;
        };
    }

    private static ErrorCode codeOfNotAllowed(Closure closure) {
        if (isOfLimit(closure)) {
            return ErrorCode.NO_BROKERS_AVAILABLE;
        }
        return isOfVirtualHost(closure) ? ErrorCode.TOPOLOGY_MISMATCH : ErrorCode.AUTHORIZATION;
    }

    private static boolean isOfVirtualHost(Closure closure) {
        return closure.text().contains("not found");
    }

    private static String remedy(Closure closure) {
        if (isOfTls(closure)) {
            return "Check the certificate of the broker, its host name and the trust store, and that the port speaks TLS.";
        }
        if (isOfLimit(closure)) {
            return "Close other connections, or raise the limit of the broker, the virtual host or the user.";
        }
        return switch (closure.code()) {
            case ReplyCodes.ACCESS_REFUSED ->
                closure.ofConnection() ? "Check user and password." : "Give the user the permission.";
            case ReplyCodes.NOT_FOUND, ReplyCodes.PRECONDITION_FAILED ->
                "Check that queue and exchange are there, with the same arguments.";
            case ReplyCodes.NOT_ALLOWED -> "Check the virtual host and the user's permissions on it.";
            default -> remedy(closure.kind());
        };
    }

    private static String remedy(Closure.Kind kind) {
        return switch (kind) {
            case CREDENTIALS -> "Mend the supplier of the credentials.";
            case DRIVER ->
                "Check the memory and threads of this process, what was sent to it, and that the broker answers.";
            case RECEIVED ->
                "Take the message out of the queue, or raise the limit for messages that come in (maxInboundBytes).";
            case OVERTAXED ->
                "Give this process more memory, or take the message out of the queue; a lower limit for messages that come in (maxInboundBytes) refuses it earlier.";
            case PROCESS -> "Check the memory of this process, and how many threads it may have.";
            case OURSELVES, BROKER -> "Check that the broker runs, and its address.";
            case NETWORK ->
                "Check that the broker runs, its address, and whether it wants TLS or a certificate of the client.";
        };
    }
}
