package io.microservicekit.messaging.testkit.junit.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node stands in its cluster.
 *
 * @param id counted from 1
 * @param ports where it listens
 * @param cluster the ports of all nodes, its own included, in the order of their ids
 * @param proxied its listener behind a proxy; null for none
 */
record NodePlace(
        int id,
        LoopbackPorts ports,
        List<LoopbackPorts> cluster,
        @Nullable ProxiedListener proxied) {
    static NodePlace alone(@Nullable ProxiedListener proxied) {
        LoopbackPorts ports = LoopbackPorts.free();
        return new NodePlace(1, ports, List.of(ports), proxied);
    }

    static List<NodePlace> together(int nodes) {
        List<LoopbackPorts> cluster = new ArrayList<>();
        while (cluster.size() < nodes) {
            cluster.add(LoopbackPorts.free());
        }
        List<NodePlace> places = new ArrayList<>();
        cluster.forEach(ports -> places.add(new NodePlace(places.size() + 1, ports, List.copyOf(cluster), null)));
        return places;
    }

    int nodes() {
        return cluster.size();
    }

    /** As {@code controller.quorum.voters} wants them. */
    String voters() {
        List<String> voters = new ArrayList<>();
        cluster.forEach(each -> voters.add((voters.size() + 1) + "@" + each.controllerAddress()));
        return String.join(",", voters);
    }
}
