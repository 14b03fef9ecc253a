package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Headers of a message on their way into an AMQP table and into the properties beside it. */
final class HeaderWriting {
    private static final int SHORT_STRING = 255;

    /** The broker closes the channel of whoever sends it without consuming from it. */
    private static final String DIRECT_REPLY = "amq.rabbitmq.reply-to";

    private final Map<String, Object> table;
    private final AMQP.BasicProperties.Builder properties;
    private final List<String> names = new ArrayList<>();
    private final Map<String, List<@Nullable Object>> values = new TreeMap<>();

    HeaderWriting(Map<String, Object> table, AMQP.BasicProperties.Builder properties) {
        this.table = table;
        this.properties = properties;
    }

    void write(Headers headers) {
        if (headers.size() == 0) {
            return;
        }
        headers.forEachRaw((name, value) -> {
            names.add(name);
            values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        });
        values.forEach(this::put);
        List<String> sorted = new ArrayList<>(values.keySet());
        if (!sorted.equals(names)) {
            table.put(LibraryHeaders.NAMES, Collections.unmodifiableList(names));
        }
    }

    private void put(String name, List<@Nullable Object> all) {
        Object only = all.size() == 1 ? all.get(0) : null;
        if (only instanceof byte[] bytes && property(name, bytes)) {
            return;
        }
        table.put(name, all.size() == 1 ? FieldValues.field(only) : FieldValues.field(all));
    }

    /** Whether a header is written as a property of AMQP instead, as it was read from one. Properties are text: other bytes would not come back. */
    private boolean property(String name, byte[] bytes) {
        if (bytes.length > SHORT_STRING || !FieldValues.isText(bytes)) {
            return false;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        switch (name) {
            case ProducerHeaders.MESSAGE_ID -> properties.messageId(text);
            case AmqpProperties.CONTENT_TYPE -> properties.contentType(text);
            case AmqpProperties.CONTENT_ENCODING -> properties.contentEncoding(text);
            case AmqpProperties.CORRELATION_ID -> properties.correlationId(text);
            case AmqpProperties.REPLY_TO -> {
                return replyTo(text);
            }
            case AmqpProperties.TYPE -> properties.type(text);
            case AmqpProperties.APP_ID -> properties.appId(text);
            default -> {
                return name.equals(AmqpProperties.PRIORITY) && priority(text);
            }
        }
        return true;
    }

    private boolean replyTo(String text) {
        boolean valid = !text.startsWith(DIRECT_REPLY);
        if (valid) {
            properties.replyTo(text);
        }
        return valid;
    }

    private boolean priority(String text) {
        boolean valid = text.length() <= 3
                && !text.isEmpty()
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= 255;
        if (valid) {
            properties.priority(Integer.valueOf(text));
        }
        return valid;
    }
}
