package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;

/** A broker under test, whoever owns its process. */
public interface KafkaBroker {
    /** Where clients connect to. */
    String bootstrapServers();

    /** Where clients connect to that use one more listener. */
    String bootstrapServers(String listener);

    /** The id of the broker's process. */
    long pid();

    /** The file that the broker logs to. */
    Path log();

    /** Ends the process at once, as a power cut does. */
    void kill();

    /** Stops the process from running without closing its connections. */
    void freeze();

    /** Lets a frozen process run on. */
    void thaw();

    /** Starts the broker on the same data and ports, after stopping it if it runs. */
    void restart();

    /** Stops the process in order and keeps its data. */
    void stop();

    /** Stops the process and deletes what the fixture created. */
    void close();
}
