package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group over partitioned topics: cooperative rebalancing, committed offsets, positions pinned at the first assignment. */
final class PartitionGroup implements Group {
    private final String name;
    private final PartitionFlavour flavour;
    private final Violations violations;
    private final List<MemoryConsumer> members = new ArrayList<>();
    private final Commits commits = new Commits();
    private final TreeMap<TopicPartition, Holding> holdings = new TreeMap<>();
    private final Map<MemoryConsumer, TopicPartition> lastServed = new LinkedHashMap<>();

    PartitionGroup(String name, PartitionFlavour flavour, Violations violations) {
        this.name = name;
        this.flavour = flavour;
        this.violations = violations;
    }

    @Override
    public void provision(List<String> topics) {
        pin(topics, StartPosition.NEWEST);
    }

    private void pin(List<String> names, StartPosition start) {
        names.forEach(topic -> commits.pin(flavour.topic(topic), start));
    }

    @Override
    public void join(MemoryConsumer member) {
        members.add(member);
        pin(member.spec().topics(), member.spec().startPosition());
        String deadLetters = member.spec().deadLetterTopic();
        if (deadLetters != null) {
            flavour.topic(deadLetters);
        }
        settle();
        member.ready();
    }

    /** Partitions were added to a topic that some member may consume. */
    void grown(TopicLog topic) {
        if (commits.pinned(topic.name())) {
            // The start position no longer matters: what is born after the pin is read from its beginning.
            commits.pin(topic, StartPosition.EARLIEST);
            settle();
        }
    }

    void appended(TopicPartition partition) {
        Holding holding = holdings.get(partition);
        if (holding != null && holding.deliverable()) {
            holding.member.wake();
        }
    }

    @Override
    public void leave(MemoryConsumer member) {
        if (members.remove(member)) {
            take(member);
            settle();
        }
    }

    @Override
    public void expire(MemoryConsumer member) {
        if (members.remove(member)) {
            Set<Assignment> lost = take(member);
            if (!lost.isEmpty()) {
                member.lost(lost);
            }
            member.joinAgain();
            settle();
        }
    }

    private Set<Assignment> take(MemoryConsumer member) {
        Set<Assignment> taken = new LinkedHashSet<>();
        for (Holding holding : held(member)) {
            taken.add(holding.assignment);
            holdings.remove(holding.partition());
        }
        lastServed.remove(member);
        return taken;
    }

    private List<Holding> held(MemoryConsumer member) {
        List<Holding> held = new ArrayList<>();
        for (Holding holding : holdings.values()) {
            if (holding.member == member) {
                held.add(holding);
            }
        }
        return held;
    }

    /** The session outlives a short loss of the connection, as on Kafka. */
    @Override
    public void disconnected(MemoryConsumer member) {}

    @Override
    public void reconnected(MemoryConsumer member) {
        for (Holding holding : held(member)) {
            if (holding.uncommittedUpTo > 0) {
                commit(holding, holding.uncommittedUpTo);
            }
        }
        member.wake();
    }

    @Override
    public void rebalance() {
        if (members.size() > 1) {
            members.add(members.remove(0));
        }
        for (MemoryConsumer member : members) {
            revoke(member, held(member));
        }
        settle();
    }

    @Override
    public void recycle(MemoryConsumer member, Assignment assignment) {
        Holding holding = current(member, assignment);
        if (holding != null) {
            List<Holding> one = new ArrayList<>();
            one.add(holding);
            revoke(member, one);
        }
    }

    private static void revoke(MemoryConsumer member, List<Holding> candidates) {
        Set<Assignment> revoked = new LinkedHashSet<>();
        for (Holding holding : candidates) {
            if (!holding.revoking) {
                holding.revoking = true;
                revoked.add(holding.assignment);
            }
        }
        if (!revoked.isEmpty()) {
            member.revoke(revoked);
        }
    }

    @Override
    public void letGo(MemoryConsumer member, Set<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Holding holding = current(member, assignment);
            if (holding != null && holding.revoking) {
                holdings.remove(holding.partition());
            }
        }
        settle();
    }

    /** Moves towards the assignment that the present members call for; a partition that moves is revoked first and assigned when it is free. */
    private void settle() {
        Map<MemoryConsumer, List<Holding>> leaving = new LinkedHashMap<>();
        Map<MemoryConsumer, Set<Assignment>> gained = new LinkedHashMap<>();
        targets().forEach((partition, target) -> {
            Holding holding = holdings.get(partition);
            if (holding == null) {
                gained.computeIfAbsent(target, m -> new LinkedHashSet<>()).add(assign(partition, target));
            } else if (holding.member != target) {
                leaving.computeIfAbsent(holding.member, m -> new ArrayList<>()).add(holding);
            }
        });
        leaving.forEach(PartitionGroup::revoke);
        gained.forEach(MemoryConsumer::assigned);
    }

    private Assignment assign(TopicPartition partition, MemoryConsumer target) {
        Assignment assignment = new Assignment(partition.topic(), partition.partition(), target.nextEpoch());
        holdings.put(partition, new Holding(target, assignment, commits.committed(partition)));
        return assignment;
    }

    private Map<TopicPartition, MemoryConsumer> targets() {
        Map<TopicPartition, MemoryConsumer> targets = new TreeMap<>();
        int turn = 0;
        for (TopicPartition partition : commits.partitions()) {
            List<MemoryConsumer> candidates = new ArrayList<>(members);
            candidates.removeIf(m -> !m.spec().topics().contains(partition.topic()));
            if (!candidates.isEmpty()) {
                targets.put(partition, candidates.get(turn++ % candidates.size()));
            }
        }
        return targets;
    }

    private @Nullable Holding current(MemoryConsumer member, Assignment assignment) {
        Holding holding = holdings.get(new TopicPartition(assignment.topic(), assignment.partition()));
        return holding != null && holding.member == member && holding.assignment.equals(assignment) ? holding : null;
    }

    @Override
    public void acknowledge(MemoryConsumer member, Acknowledgement acknowledgement) {
        Holding holding = current(member, acknowledgement.assignment());
        if (holding == null) {
            member.acknowledgedStale(acknowledgement);
        } else if (!holding.finish(acknowledgement)) {
            violations.notDelivered(member, acknowledgement);
        } else if (!member.connected()) {
            holding.uncommittedUpTo = acknowledgement.upTo();
        } else {
            commit(holding, acknowledgement.upTo());
        }
    }

    private void commit(Holding holding, long upTo) {
        holding.uncommittedUpTo = 0;
        commits.commit(holding.partition(), holding.offsetAfter(upTo));
        holding.member.acknowledged(holding.assignment, upTo);
    }

    @Override
    public Flushes.State taken(MemoryConsumer member, Assignment assignment) {
        Holding holding = current(member, assignment);
        if (holding == null) {
            return Flushes.State.GONE;
        }
        return holding.uncommittedUpTo > 0 ? Flushes.State.WAITING : Flushes.State.TAKEN;
    }

    @Override
    public void pause(MemoryConsumer member, Assignment assignment) {
        Holding holding = current(member, assignment);
        if (holding != null) {
            holding.paused = true;
        }
    }

    @Override
    public void resume(MemoryConsumer member, Assignment assignment) {
        Holding holding = current(member, assignment);
        if (holding != null) {
            holding.paused = false;
            member.wake();
        }
    }

    /** A position needs no window: nothing to do. */
    @Override
    public void hold(MemoryConsumer member, Assignment assignment, long tag) {}

    @Override
    public void release(MemoryConsumer member, Assignment assignment, long tag) {}

    @Override
    public @Nullable Delivery next(MemoryConsumer member) {
        Holding holding = nextToServe(member);
        if (holding == null) {
            return null;
        }
        TopicPartition partition = holding.partition();
        lastServed.put(member, partition);
        TopicLog log = flavour.topic(partition.topic());
        long end = Math.min(log.end(partition.partition()), holding.position() + Delivery.MAX_MESSAGES);
        List<ReceivedMessage> batch = new ArrayList<>(Math.toIntExact(end - holding.position()));
        commits.delivered(partition, holding.position(), end);
        while (holding.position() < end) {
            batch.add(received(holding, log.read(partition.partition(), holding.position())));
        }
        return new Delivery(holding.assignment, batch);
    }

    private ReceivedMessage received(Holding holding, Message message) {
        Assignment assignment = holding.assignment;
        long offset = holding.position();
        MessagePosition position = new MessagePosition(
                assignment.topic(), assignment.partition(), offset, assignment.epoch(), holding.deliver());
        return ReceivedMessage.of(message, position, name);
    }

    /** In turns, so that a busy partition does not starve the others. */
    private @Nullable Holding nextToServe(MemoryConsumer member) {
        TopicPartition last = lastServed.get(member);
        Holding first = null;
        for (Holding holding : held(member)) {
            if (hasNext(holding)) {
                if (last == null || holding.partition().compareTo(last) > 0) {
                    return holding;
                }
                first = first == null ? holding : first;
            }
        }
        return first;
    }

    private boolean hasNext(Holding holding) {
        TopicPartition partition = holding.partition();
        return holding.deliverable()
                && holding.position() < flavour.topic(partition.topic()).end(partition.partition());
    }

    @Override
    public OptionalLong oldestUnacknowledged(MemoryConsumer member) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong committed(String topic, int partition) {
        TopicPartition wanted = new TopicPartition(topic, partition);
        return commits.partitions().contains(wanted)
                ? OptionalLong.of(commits.committed(wanted))
                : OptionalLong.empty();
    }

    @Override
    public long lag() {
        long lag = 0;
        for (TopicPartition partition : commits.partitions()) {
            lag += flavour.topic(partition.topic()).end(partition.partition()) - commits.committed(partition);
        }
        return lag;
    }

    @Override
    public long unacknowledged() {
        long count = 0;
        for (Holding holding : holdings.values()) {
            count += holding.position() - commits.committed(holding.partition());
        }
        return count;
    }

    @Override
    public long redelivered() {
        return commits.redelivered();
    }

    @Override
    public List<String> losses() {
        return commits.losses(name);
    }
}
