package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrdersDemoTest {
    private final Printed printed = new Printed();

    @Test
    void theStoryHoldsOnTheEmbeddedBroker() {
        int status = OrdersDemo.run(EmbeddedBroker::new, new Warehouse(), printed.stream());

        assertThat(status).as(printed.text()).isZero();
        assertThat(printed.text()).contains("The story holds.").doesNotContain("BROKEN");
    }

    @Test
    void aStoryWithoutFailuresDoesNotHold() {
        int status = OrdersDemo.run(EmbeddedBroker::new, message -> {}, printed.stream());

        assertThat(status).as(printed.text()).isEqualTo(1);
        assertThat(printed.text())
                .contains("The story does NOT hold")
                .contains("order 1003 was dead-lettered, once: expected [1003], saw []")
                .contains("metrics: retries: expected 5, saw 0");
    }

    @Test
    void aBrokerThatCannotBeStartedIsABrokenStory() {
        int status = OrdersDemo.run(
                () -> {
                    throw new IllegalStateException("no jars");
                },
                new Warehouse(),
                printed.stream());

        assertThat(status).isEqualTo(1);
        assertThat(printed.text()).contains("no jars");
    }
}
