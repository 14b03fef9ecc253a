package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.BackendListener;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Hands what a poll returned to the engine, partition by partition, and notes where reading goes on. On the poll thread. */
final class ReceivedRecords {
    private final Holdings holdings;
    private final String group;

    ReceivedRecords(Holdings holdings, String group) {
        this.holdings = holdings;
        this.group = group;
    }

    void deliver(ConsumerRecords<byte[], byte[]> polled, BackendListener listener) {
        for (TopicPartition partition : polled.partitions()) {
            Holding holding = holdings.get(partition);
            if (holding != null) {
                deliver(polled.records(partition), holding, listener);
            }
        }
        polled.nextOffsets().forEach((partition, next) -> {
            Holding holding = holdings.get(partition);
            if (holding != null) {
                holding.positions().advanced(next.offset());
            }
        });
    }

    private void deliver(List<ConsumerRecord<byte[], byte[]>> records, Holding holding, BackendListener listener) {
        if (records.isEmpty()) {
            return;
        }
        List<ReceivedMessage> messages = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            messages.add(message(record, holding.assignment().epoch()));
        }
        holding.positions()
                .delivered(
                        records.get(0).offset(), records.get(records.size() - 1).offset());
        listener.delivered(holding.assignment(), messages);
    }

    private ReceivedMessage message(ConsumerRecord<byte[], byte[]> record, long epoch) {
        Message message =
                Message.received(record.topic(), record.key(), record.value(), headers(record), record.timestamp());
        MessagePosition position =
                new MessagePosition(record.topic(), record.partition(), record.offset(), epoch, record.offset());
        return ReceivedMessage.of(message, position, group);
    }

    private static Headers headers(ConsumerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        if (headers.length == 0) {
            return Headers.empty();
        }
        Headers.Builder builder = Headers.builder();
        for (Header header : headers) {
            builder.add(header.key(), header.value());
        }
        return builder.build();
    }
}
