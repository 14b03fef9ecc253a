package io.microservicekit.messaging.testkit.junit.internal;

/**
 * Four ports of the loopback interface that stay ours across restarts.
 *
 * @param clients for clients, without and with TLS
 * @param nodes for Erlang's own directory of nodes, and for {@code rabbitmqctl}
 */
record RabbitMqPorts(LoopbackPorts clients, LoopbackPorts nodes) {
    static RabbitMqPorts free() {
        return new RabbitMqPorts(LoopbackPorts.free(), LoopbackPorts.free());
    }

    int amqp() {
        return clients.broker();
    }

    int tls() {
        return clients.controller();
    }

    int epmd() {
        return nodes.broker();
    }

    int distribution() {
        return nodes.controller();
    }
}
