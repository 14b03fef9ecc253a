package io.microservicekit.messaging.arch;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.MemoryBrokerAssert;
import io.microservicekit.messaging.testkit.MemoryTopicAssert;
import io.microservicekit.messaging.testkit.MessagingAssertions;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A valid value of each type that a public method takes, and an object to call it on. */
final class Samples implements AutoCloseable {
    private static final int DEEPEST = 5;
    private static final List<Class<?>> OPENED =
            List.of(MessagingClient.class, MessageProducer.class, MessageConsumer.class, Subscription.class);

    private final Map<Class<?>, Object> values = new LinkedHashMap<>();
    private final MessagingClient client;

    Samples() {
        MemoryBroker broker = MemoryBroker.create();
        client = MessagingClients.builder().backend(broker.options()).build();
        MessageConsumer consumer = client.consumer("group");
        values.put(MessagingClient.class, client);
        values.put(MessageProducer.class, client.producer());
        values.put(MessageConsumer.class, consumer);
        values.put(Subscription.class, consumer.subscribe("orders", message -> {}));
        values.put(BackendOptions.class, broker.options());
        values.put(MemoryBroker.class, broker);
        values.put(MessagingClientBuilder.class, MessagingClients.builder());
        values.put(MemoryBrokerAssert.class, MessagingAssertions.assertThat(broker));
        values.put(
                MemoryTopicAssert.class, MessagingAssertions.assertThat(broker).topic("orders"));
        values.put(BatchResult.class, new BatchResult(List.of()));
        putPlain();
    }

    private void putPlain() {
        values.put(String.class, "orders");
        values.put(Object.class, "orders");
        values.put(Duration.class, Duration.ofSeconds(1));
        values.put(Instant.class, Instant.EPOCH);
        values.put(Path.class, Path.of("orders"));
        values.put(List.class, List.of());
        values.put(Map.class, Map.of());
        values.put(SortedMap.class, new TreeMap<>());
        values.put(Properties.class, new Properties());
        values.put(Throwable.class, new IllegalStateException("planted"));
    }

    /** Whether the library makes them, for users to call. */
    static boolean isOpened(Class<?> type) {
        return OPENED.contains(type);
    }

    @Nullable Object[] arguments(Executable called) {
        return arguments(called, 0);
    }

    private @Nullable Object[] arguments(Executable called, int depth) {
        return Stream.of(called.getParameterTypes())
                .map(type -> of(type, depth + 1))
                .toArray();
    }

    Object of(Class<?> type) {
        return of(type, 0);
    }

    private Object of(Class<?> type, int depth) {
        Object known = values.get(type);
        if (known != null) {
            return known;
        }
        if (type.isPrimitive()) {
            return Array.get(Array.newInstance(type, 1), 0);
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[type.getEnumConstants().length - 1];
        }
        return type.isInterface() ? silent(type) : made(type, depth);
    }

    private static Object silent(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            Class<?> answer = method.getReturnType();
            return answer.isPrimitive() && answer != void.class ? Array.get(Array.newInstance(answer, 1), 0) : null;
        });
    }

    /** By whatever constructor or factory takes what we have, of the class or of the one whose builder it is. */
    private Object made(Class<?> type, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("no sample of " + type + " within " + DEEPEST + " steps");
        }
        return Stream.concat(Stream.<Executable>of(type.getConstructors()), factories(type))
                .flatMap(maker -> tried(maker, depth))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sample of " + type + ": give one"));
    }

    private static Stream<Executable> factories(Class<?> type) {
        Stream<Class<?>> makers = Stream.of(type, type.getEnclosingClass(), built(type));
        return makers.filter(maker -> maker != null)
                .flatMap(maker -> Stream.of(maker.getMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type)
                .map(Executable.class::cast);
    }

    private static @Nullable Class<?> built(Class<?> builder) {
        try {
            return Class.forName(builder.getName().replaceFirst("Builder$", ""));
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private Stream<Object> tried(Executable maker, int depth) {
        try {
            @Nullable Object[] arguments = arguments(maker, depth);
            Object made = maker instanceof Method method
                    ? method.invoke(null, arguments)
                    : ((java.lang.reflect.Constructor<?>) maker).newInstance(arguments);
            return Stream.ofNullable(made);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Stream.empty();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
