package io.microservicekit.messaging.testkit.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects one running {@link RabbitMqServer} into the constructors and methods of all tests of this JVM.
 *
 * <p>Use it by {@code @ExtendWith(RabbitMqServerExtension.class)} and a parameter of type {@code RabbitMqServer}. The node is started
 * for the first test that asks and stopped after the last test of the JVM. As it is shared, tests use exchanges and queues with names
 * of their own, and the methods that would disturb others ({@code kill}, {@code freeze}, {@code thaw}, {@code restart},
 * {@code stop}, {@code close}) throw {@link UnsupportedOperationException}: a test that kills calls {@link RabbitMqServer#start}.
 */
public final class RabbitMqServerExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RabbitMqServerExtension.class);

    /** Called by JUnit. */
    public RabbitMqServerExtension() {}

    /**
     * Resolves parameters of type {@link RabbitMqServer}.
     *
     * @param parameter the parameter of the test
     * @param context the context of the test
     * @return true for a {@link RabbitMqServer}
     */
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RabbitMqServer.class;
    }

    /**
     * Gives the node of this JVM, started for the first test that asks.
     *
     * @param parameter the parameter of the test
     * @param context the context of the test
     * @return the shared node
     * @throws IllegalStateException when no node can be found, or it does not start
     */
    @Override
    public RabbitMqServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root store closes what it holds after the last test of the JVM.
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(RabbitMqServer.class, key -> RabbitMqServer.start(), RabbitMqServer.class)
                .shared();
    }
}
