package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The forked process: formats the storage when it is new, then runs a broker until SIGTERM or until its owner is gone.
 *
 * <p>Reflection, here only: the broker's jars are on the class path of this process and never on that of a test, because
 * their closure (slf4j 1.7, Scala, Jackson) would collide with the one under test.
 */
final class KafkaBrokerMain {
    static final int OWNER_GONE = 86;

    private static final String FORMATTER = "org.apache.kafka.metadata.storage.Formatter";

    private KafkaBrokerMain() {}

    /**
     * Arguments: the file server.properties, the cluster id used when the storage is new, and the directory to delete when the owner is
     * gone, if any.
     */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        dieWithTheOwner(System.in, args.length > 2 ? Path.of(args[2]) : null);
        Properties properties = load(Path.of(args[0]));
        Path data = Path.of(properties.getProperty("log.dirs"));
        if (Files.notExists(data.resolve("meta.properties"))) {
            format(data, properties.getProperty("node.id"), args[1]);
        }
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {args[0]});
    }

    /** The owner holds the other end of standard input: the kernel closes it however the owner dies. */
    private static void dieWithTheOwner(InputStream input, @Nullable Path leftover) {
        Thread watch = new Thread(
                () -> {
                    awaitEnd(input);
                    if (leftover != null) {
                        Trees.delete(leftover);
                    }
                    Runtime.getRuntime().halt(OWNER_GONE);
                },
                "owner-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd(InputStream input) {
        try {
            while (input.read() >= 0) {
                // Nothing is ever sent; only the end counts.
            }
        } catch (IOException e) {
            // A broken pipe says the same as its end: the owner is gone.
        }
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the broker's settings from " + file + " failed", e);
        }
        return properties;
    }

    private static void format(Path data, String nodeId, String clusterId) throws ReflectiveOperationException {
        Class<?> type = Class.forName(FORMATTER);
        Object formatter = type.getConstructor().newInstance();
        set(formatter, "setClusterId", String.class, clusterId);
        set(formatter, "setNodeId", int.class, Integer.valueOf(nodeId));
        set(formatter, "setControllerListenerName", String.class, BrokerProperties.CONTROLLER);
        set(formatter, "setMetadataLogDirectory", String.class, data.toString());
        set(formatter, "addDirectory", String.class, data.toString());
        try {
            type.getMethod("run").invoke(formatter);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("formatting the Kafka storage in " + data + " failed", e.getCause());
        }
    }

    private static void set(Object target, String method, Class<?> type, Object value)
            throws ReflectiveOperationException {
        target.getClass().getMethod(method, type).invoke(target, value);
    }
}
