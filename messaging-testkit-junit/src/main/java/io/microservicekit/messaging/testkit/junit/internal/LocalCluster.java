package io.microservicekit.messaging.testkit.junit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A few brokers that this JVM forked, each of them a controller too. */
public final class LocalCluster {
    private final List<LocalBroker> nodes;

    private LocalCluster(List<LocalBroker> nodes) {
        this.nodes = nodes;
    }

    /** Forks the nodes and returns when each of them is known to its cluster; they vote as soon as most of them are up. */
    public static LocalCluster start(LocalBrokerPlan plan, int size) {
        List<LocalBroker> nodes = new ArrayList<>();
        LocalCluster cluster = new LocalCluster(nodes);
        try {
            for (NodePlace place : NodePlace.together(size)) {
                LocalBroker node = new LocalBroker(plan, place);
                nodes.add(node);
                node.launch();
            }
            Deadline deadline = Deadline.in(plan.startTimeout());
            nodes.forEach(node -> node.awaitReady(deadline));
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** The nodes in the order of their ids, the first with id 1. */
    public List<KafkaBroker> nodes() {
        return List.copyOf(nodes);
    }

    /** The addresses of all nodes. */
    public String bootstrapServers() {
        return nodes.stream().map(LocalBroker::bootstrapServers).collect(Collectors.joining(","));
    }

    /** Ends all nodes at once: one after the other they would wait for a quorum. */
    public void close() {
        nodes.forEach(LocalBroker::discard);
    }
}
