package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MetricsSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Prints dead letters and metrics as tables. */
final class Tables {
    private final Narrator narrator;

    Tables(Narrator narrator) {
        this.narrator = narrator;
    }

    void print(Facts facts) {
        facts.deadLetters.forEach(this::deadLetter);
        metrics(Objects.requireNonNull(facts.metrics, "metrics"));
    }

    private void deadLetter(ReceivedMessage letter) {
        narrator.title("The dead letter of order " + Order.idOf(letter) + ", read back from " + letter.topic());
        narrator.row("key", letter.keyText());
        narrator.row("value", letter.valueText());
        letter.headers()
                .forEach((name, value) ->
                        narrator.row(name, value == null ? "(no value)" : new String(value, StandardCharsets.UTF_8)));
    }

    private void metrics(MetricsSnapshot snapshot) {
        narrator.title("Metrics");
        narrator.row("messages sent", snapshot.messagesSent() + " " + snapshot.topicSent());
        narrator.row("messages consumed", snapshot.messagesConsumed() + " " + snapshot.topicConsumed());
        narrator.row("retries", snapshot.retryCount());
        narrator.row("dead letters", snapshot.dlqCount());
        narrator.row("send errors", snapshot.sendErrors());
        narrator.row("consume errors", snapshot.consumeErrors());
        narrator.row(
                "send latency",
                "average " + Narrator.seconds(snapshot.sendLatency().average()) + ", longest "
                        + Narrator.seconds(snapshot.sendLatency().max()));
    }
}
