package io.microservicekit.messaging.testkit.junit.internal;

/**
 * Four ports of the loopback interface that stay ours across restarts.
 *
 * @param amqp for clients
 * @param tls for clients that use TLS
 * @param epmd for Erlang's own directory of nodes
 * @param distribution for {@code rabbitmqctl}
 */
record RabbitMqPorts(int amqp, int tls, int epmd, int distribution) {
    static RabbitMqPorts free() {
        LoopbackPorts clients = LoopbackPorts.free();
        LoopbackPorts nodes = LoopbackPorts.free();
        while (nodes.overlaps(clients)) {
            nodes = LoopbackPorts.free();
        }
        return new RabbitMqPorts(clients.broker(), clients.controller(), nodes.broker(), nodes.controller());
    }
}
