package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.util.concurrent.CompletableFuture;

/** Sends dead letters. */
@FunctionalInterface
public interface DeadLetterSender {
    /** Never blocks, never throws; completes when the dead letter is confirmed and routed, or exceptionally. */
    CompletableFuture<SendResult> send(Message deadLetter);
}
