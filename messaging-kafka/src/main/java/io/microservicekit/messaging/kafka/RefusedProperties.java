package io.microservicekit.messaging.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** The driver settings that would break a promise of this library, each with the reason and what to do instead. */
final class RefusedProperties {
    private static final Map<String, String> REASONS = reasons();

    private RefusedProperties() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        addDelivery(reasons);
        addTyped(reasons);
        addNames(reasons);
        addForeignCode(reasons);
        return reasons;
    }

    private static void addDelivery(Map<String, String> reasons) {
        String commits = "offsets are committed after the handler only; use ConsumerOptions.ackMode to commit yourself";
        reasons.put("enable.auto.commit", commits);
        reasons.put("auto.commit.interval.ms", commits);
        reasons.put("acks", "a send is confirmed by all in-sync replicas (all); leave it out");
        reasons.put("enable.idempotence", "retries inside the driver must not make duplicates (true); leave it out");
        reasons.put(
                "isolation.level",
                "messages of aborted transactions are never delivered (read_committed); leave it out");
        reasons.put("auto.offset.reset", "positions are pinned by this library; use ConsumerOptions.startPosition");
        reasons.put(
                "partition.assignment.strategy",
                "revocation is handled for the cooperative sticky assignor only; use groupProtocol(..) for another way");
        reasons.put("max.block.ms", "sendAsync never blocks (0); use ProducerOptions for bounds and timeouts");
        String keys = "equal keys go to one partition, by one of the ways that partitioner(..) names; leave it out";
        reasons.put("partitioner.class", keys);
        reasons.put("partitioner.ignore.keys", keys);
        reasons.put("check.crcs", "a corrupted message is never delivered (true); leave it out");
        String transactions = "transactions are not supported; leave it out";
        reasons.put("transactional.id", transactions);
        reasons.put("transaction.timeout.ms", transactions);
        reasons.put("transaction.two.phase.commit.enable", transactions);
        reasons.put("share.acknowledgement.mode", "share groups are not supported; leave it out");
        reasons.put("share.acquire.mode", "share groups are not supported; leave it out");
        reasons.put(
                "allow.auto.create.topics",
                "a topic made by a question may lose its first messages (false); use topology(KafkaTopology.create(..))");
        String internal = "it belongs to the driver's own tests; leave it out";
        reasons.put("internal.throw.on.fetch.stable.offset.unsupported", internal);
    }

    private static void addTyped(Map<String, String> reasons) {
        reasons.put(
                "delivery.timeout.ms",
                "it follows the producer's timeout and would silently decide instead of it; use ProducerOptions.sendTimeout");
        reasons.put(
                "buffer.memory",
                "it follows the producer's bound and would silently decide instead of it; use ProducerOptions.maxInFlightBytes");
        reasons.put(
                "socket.connection.setup.timeout.ms",
                "it follows the client's timeout and would silently decide instead of it; use the client builder's connectTimeout(..)");
    }

    private static void addNames(Map<String, String> reasons) {
        reasons.put("group.id", "the group is an argument; use client.consumer(group)");
        reasons.put("bootstrap.servers", "use brokers(..)");
        reasons.put(
                "bootstrap.resolve.timeout.ms",
                "names of brokers that cannot be resolved are waited for by this library, without end (0); leave it out");
        reasons.put("bootstrap.controllers", "producers and consumers need brokers; use brokers(..)");
        reasons.put("client.id", "use the client builder's clientId(..)");
    }

    private static void addForeignCode(Map<String, String> reasons) {
        reasons.put(
                "interceptor.classes",
                "interceptors can change messages and hide positions; wrap the MessageHandler or MessageProducer");
        reasons.put(
                "config.providers", "they load classes by name; use Secret.suppliedBy(..) or resolve values yourself");
        reasons.put("security.providers", "they load classes by name; install providers in the JVM (java.security)");
        reasons.put("ssl.engine.factory.class", "certificates and host names are always verified; use tls(..)");
        String logins = "it sees credentials and can leave checks out; use sasl(..) or Kafka's own login modules";
        reasons.put("sasl.client.callback.handler.class", logins);
        reasons.put("sasl.login.class", logins);
        reasons.put("sasl.kerberos.kinit.cmd", "it runs a program; use a keytab in sasl.jaas.config");
    }

    /** Why a setting is refused, null when it may pass. The value is not repeated unless it holds no secret. */
    static @Nullable String reason(String name, String value) {
        if (name.endsWith(".serializer") || name.endsWith(".deserializer")) {
            return "keys and values are bytes; serialize in your own code";
        }
        String reason = REASONS.get(name);
        if (reason != null) {
            return reason;
        }
        return known().contains(name) ? RefusedValues.reason(name, value.strip()) : unknown(name);
    }

    private static String unknown(String name) {
        String meant = NearestName.of(name, known());
        String guess = meant == null ? "see the Kafka documentation for its name" : "did you mean '" + meant + "'?";
        return "the Kafka client has no such setting and would ignore it; " + guess;
    }

    private static Set<String> known() {
        Set<String> names = new TreeSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return names;
    }
}
