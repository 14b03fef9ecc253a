/** What tests of applications and of this library run on: time, threads and randomness simulated from a seed. Depends on the ports only. */
module io.microservicekit.messaging.testkit {
    requires transitive io.microservicekit.messaging.api;
    requires static org.jspecify;

    exports io.microservicekit.messaging.testkit;
}
