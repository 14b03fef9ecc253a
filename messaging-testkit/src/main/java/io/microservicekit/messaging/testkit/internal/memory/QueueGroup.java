package io.microservicekit.messaging.testkit.internal.memory;

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

/** A group that is a queue: its consumers compete, each over a channel of its own. */
final class QueueGroup implements Group {
    private final String name;
    private final QueueFlavour flavour;
    private final ChannelLimits limits;
    private final Violations violations;
    private final TreeMap<Long, QueueItem> ready = new TreeMap<>();
    private final Map<MemoryConsumer, Channel> channels = new LinkedHashMap<>();
    private long accepted;
    private long acknowledged;
    private long redelivered;

    QueueGroup(String name, QueueFlavour flavour, ChannelLimits limits, Violations violations) {
        this.name = name;
        this.flavour = flavour;
        this.limits = limits;
        this.violations = violations;
    }

    void add(Message message) {
        QueueItem item = new QueueItem(accepted++, message);
        ready.put(item.number, item);
        wakeAll();
    }

    private void wakeAll() {
        channels.forEach((member, channel) -> {
            if (channel.credit(limits) > 0) {
                member.wake();
            }
        });
    }

    @Override
    public void provision(List<String> topics) {
        topics.forEach(topic -> flavour.bind(topic, this));
    }

    @Override
    public void join(MemoryConsumer member) {
        provision(member.spec().topics());
        String deadLetters = member.spec().deadLetterTopic();
        if (deadLetters != null) {
            flavour.group(deadLetters);
        }
        open(member);
        member.ready();
    }

    private void open(MemoryConsumer member) {
        Channel channel = new Channel(new Assignment(name, -1, member.nextEpoch()));
        channels.put(member, channel);
        member.assigned(one(channel));
    }

    private static Set<Assignment> one(Channel channel) {
        Set<Assignment> one = new LinkedHashSet<>();
        one.add(channel.assignment);
        return one;
    }

    @Override
    public void leave(MemoryConsumer member) {
        Channel channel = channels.remove(member);
        if (channel != null) {
            requeue(channel);
        }
    }

    private void requeue(Channel channel) {
        for (QueueItem item : channel.drain()) {
            item.redelivered = true;
            ready.put(item.number, item);
        }
        wakeAll();
    }

    @Override
    public void expire(MemoryConsumer member) {
        Channel channel = channels.remove(member);
        if (channel != null) {
            requeue(channel);
            member.lost(one(channel));
            member.joinAgain();
        }
    }

    /** A channel does not outlive its connection. */
    @Override
    public void disconnected(MemoryConsumer member) {
        expire(member);
    }

    @Override
    public void reconnected(MemoryConsumer member) {
        member.wake();
    }

    @Override
    public void rebalance() {
        channels.forEach(QueueGroup::revoke);
    }

    @Override
    public void recycle(MemoryConsumer member, Assignment assignment) {
        Channel channel = current(member, assignment);
        if (channel != null) {
            revoke(member, channel);
        }
    }

    private static void revoke(MemoryConsumer member, Channel channel) {
        if (!channel.revoking) {
            channel.revoking = true;
            member.revoke(one(channel));
        }
    }

    @Override
    public void letGo(MemoryConsumer member, Set<Assignment> assignments) {
        Channel channel = channels.get(member);
        if (channel != null && channel.revoking && assignments.contains(channel.assignment)) {
            requeue(channel);
            open(member);
        }
    }

    private @Nullable Channel current(MemoryConsumer member, Assignment assignment) {
        Channel channel = channels.get(member);
        return channel != null && channel.assignment.equals(assignment) ? channel : null;
    }

    @Override
    public void acknowledge(MemoryConsumer member, Acknowledgement acknowledgement) {
        Channel channel = current(member, acknowledgement.assignment());
        if (channel == null) {
            member.acknowledgedStale(acknowledgement);
        } else if (!channel.valid(acknowledgement)) {
            violations.notDelivered(member, acknowledgement);
            expire(member);
        } else {
            acknowledged += channel.settle(acknowledgement);
            member.acknowledged(channel.assignment, acknowledgement.highest());
        }
    }

    @Override
    public Flushes.State taken(MemoryConsumer member, Assignment assignment) {
        return current(member, assignment) == null ? Flushes.State.GONE : Flushes.State.TAKEN;
    }

    @Override
    public void pause(MemoryConsumer member, Assignment assignment) {
        Channel channel = current(member, assignment);
        if (channel != null) {
            channel.paused = true;
        }
    }

    @Override
    public void resume(MemoryConsumer member, Assignment assignment) {
        Channel channel = current(member, assignment);
        if (channel != null) {
            channel.paused = false;
            member.wake();
        }
    }

    @Override
    public void hold(MemoryConsumer member, Assignment assignment, long tag) {
        Channel channel = current(member, assignment);
        if (channel == null) {
            return;
        }
        if (channel.hold(tag)) {
            member.wake();
        } else {
            violations.add(
                    member, "held tag " + tag + " of " + assignment + ", which is not unacknowledged or held already");
        }
    }

    @Override
    public void release(MemoryConsumer member, Assignment assignment, long tag) {
        Channel channel = current(member, assignment);
        if (channel != null && channel.delivered(tag)) {
            channel.release(tag);
        } else if (channel != null) {
            violations.add(member, "released tag " + tag + " of " + assignment + ", which was never delivered");
        }
    }

    @Override
    public @Nullable Delivery next(MemoryConsumer member) {
        Channel channel = channels.get(member);
        int room = channel == null ? 0 : Math.min(channel.credit(limits), Delivery.MAX_MESSAGES);
        if (channel == null || room <= 0 || ready.isEmpty()) {
            return null;
        }
        List<ReceivedMessage> batch = new ArrayList<>();
        while (batch.size() < room && !ready.isEmpty()) {
            batch.add(deliver(channel, ready.pollFirstEntry().getValue(), member.now()));
        }
        return new Delivery(channel.assignment, batch);
    }

    private ReceivedMessage deliver(Channel channel, QueueItem item, long now) {
        redelivered += item.redelivered ? 1 : 0;
        long tag = channel.deliver(item, now);
        long epoch = channel.assignment.epoch();
        return ReceivedMessage.of(item.message, new MessagePosition(item.message.topic(), -1, -1, epoch, tag), name);
    }

    @Override
    public OptionalLong oldestUnacknowledged(MemoryConsumer member) {
        Channel channel = channels.get(member);
        return channel == null ? OptionalLong.empty() : channel.oldest();
    }

    @Override
    public OptionalLong committed(String topic, int partition) {
        return OptionalLong.empty();
    }

    @Override
    public long lag() {
        return ready.size() + unacknowledged();
    }

    @Override
    public long unacknowledged() {
        return channels.values().stream().mapToLong(Channel::unacknowledged).sum();
    }

    @Override
    public long redelivered() {
        return redelivered;
    }

    @Override
    public List<String> losses() {
        List<String> losses = new ArrayList<>();
        long missing = accepted - acknowledged - lag();
        if (missing != 0) {
            losses.add("queue " + name + " took " + accepted + " messages, of which " + missing
                    + " are neither acknowledged nor deliverable");
        }
        return losses;
    }
}
