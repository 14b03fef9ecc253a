package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.internal.shared.KeptUntilClosed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;

/** Asks whether a broker answers, through one admin client that is made when it is first needed. */
final class BrokerProbe {
    private final KafkaOptions options;
    private final BackendContext context;
    private final Supplier<Admin> making;
    private final KeptUntilClosed<Admin> admin = new KeptUntilClosed<>();

    BrokerProbe(KafkaOptions options, BackendContext context, Supplier<Admin> making) {
        this.options = options;
        this.context = context;
        this.making = making;
    }

    /** Making the admin client looks names up and may block, hence the thread for the first time. */
    CompletableFuture<Void> probe() {
        CompletableFuture<Void> answer = context.runtime().future();
        Admin present = admin.kept();
        if (present != null) {
            ask(present, answer);
            return answer;
        }
        context.runtime().ioThread(context.clientId() + "-probe", () -> {
            try {
                ask(admin(), answer);
            } catch (MessagingException | Error e) {
                answer.completeExceptionally(e);
            } catch (RuntimeException e) {
                answer.completeExceptionally(failure(e));
            }
        });
        return answer;
    }

    CompletableFuture<Void> close(Duration limit, Loop control) {
        CompletableFuture<Void> done = context.runtime().future();
        Admin open = admin.close();
        Runnable end = () -> {
            done.complete(null);
            control.close();
        };
        if (open == null) {
            end.run();
            return done;
        }
        control.housekeeping(limit, end);
        Runnable closing = () -> {
            open.close(limit);
            control.execute(end);
        };
        if (!startedThread(closing)) {
            open.close(Duration.ZERO);
            end.run();
        }
        return done;
    }

    /** Not when the end of the client was forced, whose threads are gone then, or without memory for one: the driver's would stay behind. */
    private boolean startedThread(Runnable work) {
        try {
            context.runtime().ioThread(context.clientId() + "-close", work);
            return true;
        } catch (ClosedException | OutOfMemoryError e) {
            return false;
        }
    }

    /** The one admin client, made here when nobody needed it before: on a thread that may look names up. */
    Admin admin() {
        Admin present = admin.kept();
        return present != null ? present : kept(making.get());
    }

    /** No lock is held while the client is made: of two made at once one is closed again. */
    private Admin kept(Admin made) {
        Admin present = admin.keep(made);
        if (present != made) {
            made.close(Duration.ZERO);
        }
        if (present == null) {
            throw new ClosedException(
                    ErrorCode.CLIENT_CLOSED,
                    "Asking the Kafka brokers failed: the client is closed. Use an open client.");
        }
        return present;
    }

    private void ask(Admin asked, CompletableFuture<Void> answer) {
        int millis = (int) Math.min(Integer.MAX_VALUE, context.connectTimeout().toMillis());
        asked.describeCluster(new DescribeClusterOptions().timeoutMs(millis))
                .nodes()
                .toCompletionStage()
                .whenComplete((nodes, error) -> {
                    if (error == null) {
                        answer.complete(null);
                    } else {
                        answer.completeExceptionally(failure(error));
                    }
                });
    }

    private MessagingException failure(Throwable error) {
        String attempt = "Asking the Kafka brokers " + options.brokers() + " for their cluster";
        String refusal = BrokerRefusals.text(error, "Describe");
        if (refusal != null) {
            ErrorCode code =
                    error instanceof AuthenticationException ? ErrorCode.AUTHENTICATION : ErrorCode.AUTHORIZATION;
            return new BackendUnavailableException(code, attempt + " failed: " + refusal, error);
        }
        if (error instanceof IllegalStateException) {
            return new ClosedException(ErrorCode.CLIENT_CLOSED, attempt + " failed: the client is closed.");
        }
        return new BackendUnavailableException(
                ErrorCode.NO_BROKERS_AVAILABLE, attempt + " failed: " + unavailability(error), error);
    }

    private String unavailability(Throwable error) {
        String type = error.getClass().getSimpleName();
        if (!(error instanceof RetriableException)) {
            return type + ": " + error.getMessage()
                    + ". Check that the brokers are of a version that this driver speaks with.";
        }
        return "none answered within " + context.connectTimeout() + " (" + type
                + "). Check that they run, the addresses, what they advertise as theirs, and that their listener speaks "
                + options.properties().getOrDefault("security.protocol", "PLAINTEXT") + ".";
    }
}
