package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.util.List;

/** A RabbitMQ node under test, whoever owns its process. */
public interface RabbitMqNode {
    /** Where clients connect to, with a user who may do everything. */
    String url();

    /** Where clients connect to. */
    String address();

    /** Where clients connect to that use TLS. */
    String tlsAddress();

    /** Runs {@code rabbitmqctl} and gives what it printed. */
    String control(List<String> arguments);

    /** The queues of a virtual host: name, type, ready, unacknowledged, consumers, separated by tabs. */
    List<String> queues(String virtualHost);

    /** How much memory the node may use before it blocks publishers, in bytes. */
    long memoryLimit();

    /** The id of the node's process. */
    long pid();

    /** The file that the node logs to. */
    Path log();

    /** Ends the process at once, as a power cut does. */
    void kill();

    /** Stops the process from running without closing its connections. */
    void freeze();

    /** Lets a frozen process run on. */
    void thaw();

    /** Starts the node on the same data and ports, after stopping it if it runs. */
    void restart();

    /** Stops the process in order and keeps its data. */
    void stop();

    /** Stops the process and deletes what the fixture created. */
    void close();
}
