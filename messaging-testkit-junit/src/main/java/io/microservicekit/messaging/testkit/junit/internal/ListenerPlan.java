package io.microservicekit.messaging.testkit.junit.internal;

import java.util.Locale;
import java.util.Map;

/**
 * One more listener of a broker.
 *
 * @param name upper case, unlike those of the fixture
 * @param protocol {@code SSL} or {@code SASL_SSL}
 * @param ports its port on loopback is the first of them
 * @param own its settings, without the prefix that binds them to it
 */
public record ListenerPlan(String name, String protocol, LoopbackPorts ports, Map<String, String> own) {
    /** A plan with a port of its own, which stays its across restarts. */
    public static ListenerPlan onFreePort(String name, String protocol, Map<String, String> own) {
        return new ListenerPlan(name, protocol, LoopbackPorts.free(), own);
    }

    String address() {
        return ports.brokerAddress();
    }

    void addTo(Map<String, String> all) {
        String listener = "," + name + "://" + address();
        all.merge("listeners", listener, String::concat);
        all.merge("advertised.listeners", listener, String::concat);
        all.merge("listener.security.protocol.map", "," + name + ":" + protocol, String::concat);
        own.forEach((key, value) -> all.put("listener.name." + name.toLowerCase(Locale.ROOT) + "." + key, value));
    }
}
