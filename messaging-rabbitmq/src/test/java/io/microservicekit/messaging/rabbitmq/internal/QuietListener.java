package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** An engine that does nothing with what it is told, and lets go at once; a test overrides what it looks at. */
class QuietListener implements BackendListener {
    @Override
    public void ready() {}

    @Override
    public void assigned(Set<Assignment> assignments) {}

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> messages) {}

    @Override
    public void acknowledged(Assignment assignment, long upTo) {}

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void lost(Set<Assignment> assignments) {}

    @Override
    public void failed(MessagingException cause) {}
}
