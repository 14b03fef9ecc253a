package io.microservicekit.messaging.rabbitmq.internal.driver;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;

/** Where the parts of a connection run, and what all of its messages have in common. */
record Place(ClientRuntime runtime, Loop loop, String name, boolean durable, LastFrame last) {}
