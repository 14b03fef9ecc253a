package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the broker's refusal of a step means: whether it is for good, and what the user can do about it. Immutable. */
public final class Refusals {
    private static final int ACCESS_REFUSED = 403;
    private static final int NOT_FOUND = 404;
    private static final int RESOURCE_LOCKED = 405;
    private static final int PRECONDITION_FAILED = 406;
    private static final int NOT_IMPLEMENTED = 540;

    private static final Pattern ACCESS = Pattern.compile(
            "(?:(configure|write|read) )?access to (exchange|queue|topic) '(.*?)'(?: in (exchange '.*?'))?");

    private final String attempt;
    private final boolean declares;
    private final ErrorCode ofMissing;
    private final Kinds kinds;

    /** Which errors are made. */
    private interface Kinds {
        MessagingException error(ErrorCode code, String text, @Nullable Throwable cause);
    }

    /**
     * For what is attempted.
     *
     * @param attempt the beginning of a sentence, for example {@code Consuming [a] in group 'g'}
     * @param declares whether what is missing is declared by us, so that it is worth another attempt
     */
    public Refusals(String attempt, boolean declares) {
        this(attempt, declares, ErrorCode.CREATE_CONSUMER, ConsumeException::new);
    }

    private Refusals(String attempt, boolean declares, ErrorCode ofMissing, Kinds kinds) {
        this.attempt = attempt;
        this.declares = declares;
        this.ofMissing = ofMissing;
        this.kinds = kinds;
    }

    /** For what is attempted before messages are sent. */
    public static Refusals ofSending(String attempt, boolean declares) {
        return new Refusals(
                attempt,
                declares,
                ErrorCode.TOPOLOGY_MISMATCH,
                (code, text, cause) -> new SendException(code, SendOutcome.NOT_DELIVERED, text, cause));
    }

    /** What was said, fit for errors and logs. */
    public static String said(Closure closure) {
        String code = closure.code() == 0 || closure.text().startsWith(String.valueOf(closure.code()))
                ? ""
                : closure.code() + " ";
        return code + Shown.text(closure.text());
    }

    /**
     * The error that a refusal is, when no further attempt can change it.
     *
     * @return null when it is worth another attempt
     */
    public @Nullable MessagingException forGood(TopologyStep step, Closure closure) {
        return switch (closure.code()) {
            case ACCESS_REFUSED -> accessRefused(step, closure);
            case NOT_FOUND -> notFound(step, closure);
            case RESOURCE_LOCKED ->
                error(
                        ErrorCode.TOPOLOGY_MISMATCH,
                        step.entity() + " is exclusive to another connection, wanted one that consumers share",
                        closure,
                        "Delete it, or use another name.");
            case PRECONDITION_FAILED -> preconditionFailed(step, closure);
            case NOT_IMPLEMENTED ->
                error(
                        ofMissing,
                        "the broker does not know how to do what " + step + " asks for",
                        closure,
                        "Change the options, or use a newer broker.");
            default -> null;
        };
    }

    /** The error of a step that ends the connection each time it is asked. */
    public MessagingException endless(TopologyStep step, Closure closure) {
        return error(
                ofMissing,
                step + " ended the connection again and again",
                closure,
                "Look into the log of the broker for the reason, and change the options if they are.");
    }

    private @Nullable MessagingException accessRefused(TopologyStep step, Closure closure) {
        if (closure.text().contains("exclusive use")) {
            return null;
        }
        return error(
                ErrorCode.AUTHORIZATION,
                "our user may not do it: " + step + " needs the right " + right(step, closure),
                closure,
                closure.text().contains("access to topic")
                        ? "Grant it (rabbitmqctl set_topic_permissions)."
                        : "Grant it (rabbitmqctl set_permissions).");
    }

    /** A binding needs one right on its queue and another on its exchange; the broker says on which it is missing, and since 4.0 at the latest which. */
    private static String right(TopologyStep step, Closure closure) {
        Matcher refused = ACCESS.matcher(closure.text());
        if (!refused.find()) {
            return "'" + step.kind().right() + "' on " + step.entity();
        }
        boolean source = (step.kind() == Kind.BIND || step.kind() == Kind.UNBIND)
                && !refused.group(2).equals("queue");
        String said = refused.group(1);
        String right = said != null ? said : source ? "read" : step.kind().right();
        String within = refused.group(4) == null ? "" : " of " + Shown.text(refused.group(4));
        return "'" + right + "' on " + refused.group(2) + " '" + Shown.text(refused.group(3)) + "'" + within;
    }

    private @Nullable MessagingException notFound(TopologyStep step, Closure closure) {
        if (isDown(closure)) {
            return null;
        }
        if (step.kind() == Kind.CHECK_DEAD_LETTERS) {
            return error(
                    ofMissing,
                    "the dead-letter " + step.entity() + " does not exist",
                    closure,
                    "Create it, or use the topology mode CREATE.");
        }
        if (declares && step.kind() != Kind.CHECK) {
            return null;
        }
        return error(
                ofMissing,
                "what " + step + " needs does not exist",
                closure,
                declares
                        ? "The name is reserved for the broker's own; use another name."
                        : "Create it, or use the topology mode CREATE.");
    }

    /** Whether what was asked about is not there. */
    static boolean isMissing(Closure closure) {
        return closure.code() == NOT_FOUND && !isDown(closure);
    }

    /** It exists, on a node that is not up: it comes back with the node. */
    static boolean isDown(Closure closure) {
        return closure.text().contains("is down or inaccessible")
                || closure.text().contains("is stopped")
                || closure.text().contains("crashed");
    }

    private @Nullable MessagingException preconditionFailed(TopologyStep step, Closure closure) {
        if (step.kind() != Kind.DECLARE && step.kind() != Kind.HAVE) {
            return null;
        }
        Mismatch mismatch = Mismatch.read(closure.text());
        String reason = mismatch == null ? "the broker refuses " + step : mismatch.toString();
        return error(
                ErrorCode.TOPOLOGY_MISMATCH,
                reason,
                closure,
                "Change the options to what is there, delete it so that it is declared anew, or use the topology mode PASSIVE.");
    }

    private MessagingException error(ErrorCode code, String reason, Closure closure, String remedy) {
        return kinds.error(
                code, attempt + " failed: " + reason + " (" + said(closure) + "). " + remedy, closure.cause());
    }

    /** Why there is another attempt, as the middle of a sentence. */
    public static String impediment(TopologyStep step, Closure closure) {
        return step + " was refused (" + said(closure) + ") and is tried again";
    }
}
