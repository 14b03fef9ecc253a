package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A user's producer that answers as it is told, and afterwards by no future at all. */
final class ScriptedProducer implements MessageProducer {
    private final Iterator<@Nullable SendResult> answers;

    ScriptedProducer(Collection<@Nullable SendResult> answers) {
        this.answers = answers.iterator();
    }

    @Override
    public SendResult send(Message message) {
        throw new UnsupportedOperationException("dead letters are sent asynchronously");
    }

    @Override
    public SendResult send(Message message, Duration timeout) {
        return send(message);
    }

    @Override
    @SuppressWarnings("NullAway") // what a producer of somebody else may do
    public CompletableFuture<SendResult> sendAsync(Message message) {
        return answers.hasNext() ? CompletableFuture.completedFuture(answers.next()) : null;
    }

    @Override
    public BatchResult sendBatch(List<Message> messages) {
        throw new UnsupportedOperationException("dead letters are sent one by one");
    }

    @Override
    public BatchResult sendBatch(List<Message> messages, Duration timeout) {
        return sendBatch(messages);
    }

    @Override
    public void close() {}
}
