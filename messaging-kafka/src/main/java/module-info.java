/** The Kafka adapter: found by its provider; applications touch {@code KafkaOptions} only, and only when they need more than addresses. */
module io.microservicekit.messaging.kafka {
    requires io.microservicekit.messaging.api;
    requires kafka.clients;
    // An automatic module does not bring explicit ones along: without these two a module path lacks logging and zstd.
    requires org.slf4j;
    requires com.github.luben.zstd_jni;
    requires static org.jspecify;

    exports io.microservicekit.messaging.kafka;
    // The driver makes an object of it.
    exports io.microservicekit.messaging.kafka.internal.login to
            kafka.clients;

    provides io.microservicekit.messaging.api.spi.BackendProvider with
            io.microservicekit.messaging.kafka.internal.KafkaBackendProvider;
}
