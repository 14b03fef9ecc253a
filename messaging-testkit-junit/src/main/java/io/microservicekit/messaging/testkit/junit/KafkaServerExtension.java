package io.microservicekit.messaging.testkit.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects one running {@link KafkaServer} into the constructors and methods of all tests of this JVM.
 *
 * <p>Use it by {@code @ExtendWith(KafkaServerExtension.class)} and a parameter of type {@code KafkaServer}. The broker is started
 * for the first test that asks and stopped after the last test of the JVM. As it is shared, tests use topics and groups with names
 * of their own, and the methods that would disturb others ({@code kill}, {@code freeze}, {@code thaw}, {@code restart},
 * {@code stop}, {@code close}) throw {@link UnsupportedOperationException}: a test that kills calls {@link KafkaServer#start}.
 */
public final class KafkaServerExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(KafkaServerExtension.class);

    /** Called by JUnit. */
    public KafkaServerExtension() {}

    /**
     * Resolves parameters of type {@link KafkaServer}.
     *
     * @param parameter the parameter of the test
     * @param context the context of the test
     * @return true for a {@link KafkaServer}
     */
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaServer.class;
    }

    /**
     * Gives the broker of this JVM, started for the first test that asks.
     *
     * @param parameter the parameter of the test
     * @param context the context of the test
     * @return the shared broker
     * @throws IllegalStateException when no broker can be found, or it does not start
     */
    @Override
    public KafkaServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root store closes what it holds after the last test of the JVM.
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(KafkaServer.class, key -> KafkaServer.start(), KafkaServer.class)
                .shared();
    }
}
