package io.microservicekit.messaging.kafka;

/** How the key of a message decides on its partition. All producers of a topic must use the same, or equal keys go to different partitions. */
public enum KafkaPartitioner {
    /** As the Java client of Kafka does it: murmur2. The default. */
    MURMUR2,
    /**
     * As the Go library sarama does it by default, bit for bit: FNV-1a of 32 bits, read as a signed number, modulo the number of partitions, without
     * the sign. For topics that Go producers write too.
     *
     * <p>A message without a key goes to any partition, as in sarama. The Go library that this project follows gives sarama an empty key for a message
     * without one, so that all of them go to one partition; an empty key (not null) does the same here.
     */
    SARAMA_FNV1A
}
