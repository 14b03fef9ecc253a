package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;

/**
 * A handler runs longer than its timeout. Its lane stays occupied until the call returns, and only its return or exception counts.
 *
 * @param message the message with the attempt that runs
 * @param elapsed how long the call had been running when it was noticed; at least the timeout
 * @param interrupted whether the handler's thread was interrupted for it
 */
public record HandlerTimedOut(ReceivedMessage message, Duration elapsed, boolean interrupted) {}
