package io.microservicekit.messaging.it.kafka;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One {@link SecuredKafka} for all tests that ask for it: its certificates and its start take long. Its users may use what begins with "open-". */
final class SecuredKafkaExtension implements ParameterResolver {
    /** Of the user "odd" with PLAIN. */
    static final String ODD_PLAIN = "a b=\"c\" \\d;,'";

    private static final Namespace NAMESPACE = Namespace.create(SecuredKafkaExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SecuredKafka.class;
    }

    @Override
    public SecuredKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root store closes what it holds after the last test of the JVM.
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SecuredKafka.class, key -> start(), SecuredKafka.class);
    }

    private static SecuredKafka start() {
        try {
            SecuredKafka kafka = SecuredKafka.start(Map.of("plain", SecuredKafka.CANARY, "odd", ODD_PLAIN));
            kafka.user("alice", SecuredKafka.CANARY);
            for (String user : List.of("alice", "plain", "odd", "ANONYMOUS", "CN=me")) {
                kafka.grantAll(user, "open-");
            }
            return kafka;
        } catch (Exception e) {
            throw new IllegalStateException("the secured broker could not be prepared", e);
        }
    }
}
