package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One broker behind a proxy for the fault tests of this JVM, which kill and freeze it and harm its network one after the other; each leaves it well, also
 * when it fails.
 */
public final class FaultKafka implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(FaultKafka.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return broker(context);
    }

    private static KafkaServer broker(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(KafkaServer.class, key -> start(), KafkaServer.class);
    }

    /** With the 1 s of a fast session a broker on a busy machine is fenced again and again, and its start takes more than a minute. */
    private static KafkaServer start() {
        return KafkaServer.builder()
                .proxied()
                .property("broker.session.timeout.ms", "3000")
                .property("broker.heartbeat.interval.ms", "500")
                .startTimeout(Duration.ofMinutes(2))
                .start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        KafkaServer broker = broker(context);
        broker.proxy().heal();
        try {
            broker.thaw();
        } catch (IllegalStateException itIsNotRunning) {
            broker.restart();
        }
    }
}
