import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.testkit.internal.MemoryBackendProvider;

/**
 * What tests of applications and of this library run on: a broker in memory, time, threads and randomness simulated from a seed, and assertions
 * (these need AssertJ, which is optional). Depends on the ports only.
 */
module io.microservicekit.messaging.testkit {
    requires transitive io.microservicekit.messaging.api;
    requires static org.assertj.core;
    requires static org.jspecify;

    exports io.microservicekit.messaging.testkit;

    provides BackendProvider with
            MemoryBackendProvider;
}
