package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;

/**
 * What a subscription's engine works with.
 *
 * @param name of the subscription, for threads, logs and errors
 * @param group the consumer group
 * @param runtime the client's runtime
 * @param control where futures of users complete
 * @param options the consumer's options
 * @param handler the user's handler
 * @param deadLetters sends a dead letter; never called when there is no dead-letter topic
 * @param observer guarded: never throws
 * @param logger where to log
 */
public record EngineParts(
        String name,
        String group,
        ClientRuntime runtime,
        Loop control,
        ConsumerOptions options,
        MessageHandler handler,
        DeadLetterSender deadLetters,
        MessagingObserver observer,
        System.Logger logger) {}
