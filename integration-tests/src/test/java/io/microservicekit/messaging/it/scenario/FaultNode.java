package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One node for all fault tests of this JVM, which kill, freeze and alarm it one after the other; each leaves it well, also when it fails. */
public final class FaultNode implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(FaultNode.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RabbitMqServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return node(context);
    }

    private static RabbitMqServer node(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(RabbitMqServer.class, key -> start(), RabbitMqServer.class);
    }

    /** Looks often for messages that were held too long, so that a test may shorten the time that this takes. */
    private static RabbitMqServer start() {
        return RabbitMqServer.builder().channelTick(Duration.ofMillis(500)).start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        RabbitMqServer node = node(context);
        try {
            node.thaw();
        } catch (IllegalStateException itIsNotRunning) {
            node.restart();
        }
    }
}
