/**
 * Real brokers for JUnit tests, each started as a process of its own that dies with the test JVM.
 *
 * <p>JUnit and kafka-clients are optional: the fixtures start without JUnit, and say so when a client library is missing.
 */
module io.microservicekit.messaging.testkit.junit {
    requires static kafka.clients;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports io.microservicekit.messaging.testkit.junit;

    uses io.microservicekit.messaging.testkit.junit.internal.RabbitMqContainers;
}
