package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.KafkaTopology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one subscription, its dead-letter topic included: made when they are missing, compared when they are not, and ready when each
 * partition has a leader. One step at a time, on the poll thread; what the broker cannot do now is tried again by the next call.
 */
final class TopicCreation implements BooleanSupplier {
    private final ConsumerSpec spec;
    private final KafkaTopology topology;
    private final AdminQuestions admin;
    private boolean ready;

    TopicCreation(ConsumerSpec spec, KafkaTopology topology, AdminQuestions admin) {
        this.spec = spec;
        this.topology = topology;
        this.admin = admin;
    }

    /** True from when all is there. Throws what ends the subscription, and retriable errors of the driver. */
    @Override
    public boolean getAsBoolean() {
        if (!ready) {
            ready = step();
            if (!ready) {
                admin.pause();
            }
        }
        return ready;
    }

    private boolean step() {
        Set<String> names = new LinkedHashSet<>(spec.topics());
        String deadLetters = spec.deadLetterTopic();
        if (deadLetters != null) {
            names.add(deadLetters);
        }
        Map<String, TopicDescription> present = described(names);
        present.values().forEach(this::compare);
        names.removeAll(present.keySet());
        if (!names.isEmpty()) {
            names.forEach(this::create);
            return false;
        }
        return haveLeaders(present);
    }

    private Map<String, TopicDescription> described(Set<String> names) {
        Map<String, TopicDescription> present = new LinkedHashMap<>();
        admin.describe(names).forEach((name, answer) -> {
            try {
                present.put(name, admin.answer(answer));
            } catch (UnknownTopicOrPartitionException e) {
                // To be created.
            } catch (AuthorizationException e) {
                throw failure(
                        ErrorCode.AUTHORIZATION,
                        name,
                        "looking for it",
                        BrokerRefusals.right(named(e, name), "Describe"),
                        e);
            }
        });
        return present;
    }

    /** The broker says so of one topic without naming it. */
    private static AuthorizationException named(AuthorizationException error, String topic) {
        return error instanceof TopicAuthorizationException topics
                        && topics.unauthorizedTopics().isEmpty()
                ? new TopicAuthorizationException(error.getMessage(), Collections.singleton(topic))
                : error;
    }

    /** Another member of the group may be faster: then it is there as well. */
    private void create(String name) {
        NewTopic topic = new NewTopic(name, topology.partitions(), (short) topology.replication());
        try {
            var unused = admin.answer(admin.create(topic.configs(topology.configs())));
        } catch (TopicExistsException e) {
            return;
        } catch (AuthorizationException e) {
            throw failure(
                    ErrorCode.AUTHORIZATION, name, "creating it", BrokerRefusals.right(named(e, name), "Create"), e);
        } catch (RetriableException e) {
            throw e;
        } catch (RuntimeException e) {
            String reason =
                    "the broker refused (" + e.getMessage() + "). Change the topology, or create the topic yourself.";
            throw failure(ErrorCode.CREATE_CONSUMER, name, "creating it with " + topology, reason, e);
        }
        spec.logger()
                .log(
                        System.Logger.Level.INFO,
                        "Group '" + spec.group() + "' has created topic '" + name + "': " + topology + ".");
    }

    /** Fewer would break what was asked for: the spread over consumers, and the safety of what is confirmed. */
    private void compare(TopicDescription present) {
        int partitions = present.partitions().size();
        int copies = present.partitions().stream()
                .mapToInt(each -> each.replicas().size())
                .min()
                .orElse(0);
        List<String> differences = new ArrayList<>();
        if (partitions < topology.partitions()) {
            differences.add(topology.partitions() + " partitions are wanted, it has " + partitions);
        }
        if (copies < topology.replication()) {
            differences.add("replication " + topology.replication() + " is wanted, it has " + copies);
        }
        if (!differences.isEmpty()) {
            String reason = String.join("; ", differences) + ". Change the topic, or KafkaOptions topology(..).";
            throw failure(ErrorCode.TOPOLOGY_MISMATCH, present.name(), "comparing it", reason, null);
        }
    }

    /** KAFKA-15591: what is sent before a partition has a leader may be lost. Asked for an offset, only a leader answers. */
    private boolean haveLeaders(Map<String, TopicDescription> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        topics.forEach((name, topic) ->
                topic.partitions().forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
        try {
            var unused = admin.answer(admin.ends(partitions));
            return true;
        } catch (AuthorizationException e) {
            throw failure(
                    ErrorCode.AUTHORIZATION,
                    String.join(", ", topics.keySet()),
                    "looking for leaders",
                    BrokerRefusals.right(e, "Describe"),
                    e);
        }
    }

    private MessagingException failure(
            ErrorCode code, String topic, String attempt, String reason, @Nullable RuntimeException cause) {
        return new ConsumeException(
                code,
                "Preparing topic '" + TopicName.printable(topic) + "' of group '" + TopicName.printable(spec.group())
                        + "' failed: " + attempt + ": " + reason,
                cause);
    }
}
