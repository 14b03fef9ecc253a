package io.microservicekit.messaging.api.trace;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;

/**
 * Makes spans around what a client does with messages. Thread-safe.
 *
 * <p><b>Called on</b> the thread that does the step; must be quick and must not block. One that throws is logged once and changes nothing: the
 * message goes its way without a span.
 */
public interface MessageTracer {
    /**
     * A message is about to be sent. The new span continues what is active on the calling thread, if anything.
     *
     * @param message the message as the caller gave it; never changed
     * @param carrier the headers that go to the broker, those of the message to begin with; the context is written into it, replacing what an
     *     earlier hop left there. A context with which the message could not be sent (too large, a header name that is refused) is left out, and
     *     that is logged once
     * @return the span, ended when the outcome of the send is decided
     */
    TraceSpan startSend(Message message, Headers.Builder carrier);

    /**
     * A dead letter is about to be sent. Its headers are those of the message that failed: they keep the context of its creation, so that nothing is
     * injected here. Called on an event loop, where nothing is active; the new span belongs to the context in the headers, if there is one.
     *
     * @param deadLetter the message as it is sent; never changed
     * @return the span, ended when the outcome of the send is decided
     */
    TraceSpan startDeadLetter(Message deadLetter);

    /**
     * One attempt to handle a message begins. The new span continues the context in the message's headers, if there is one that can be read.
     *
     * @param message the message with its attempt
     * @return the span: activated on the handler thread, ended when the handler has returned or thrown
     */
    TraceSpan startProcess(ReceivedMessage message);

    /**
     * Messages up to a position are about to be acknowledged. Called once per acknowledgement, which may cover any number of messages, on an event
     * loop.
     *
     * @param position the last of them; without an offset (−1), since acknowledging goes by the tag
     * @return the span, ended when the acknowledgement was handed to the backend
     */
    TraceSpan startSettle(MessagePosition position);
}
