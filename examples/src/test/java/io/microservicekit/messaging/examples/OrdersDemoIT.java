package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrdersDemoIT {
    @Test
    void theSameStoryHoldsOnARealKafkaBroker() {
        Printed printed = new Printed();

        int status = OrdersDemo.run(LocalKafka::new, new Warehouse(), printed.stream());

        assertThat(status).as(printed.text()).isZero();
        assertThat(printed.text()).contains("The story holds.").doesNotContain("BROKEN");
    }

    @Test
    void theSameStoryHoldsOnARealRabbitMqNode() {
        Printed printed = new Printed();

        int status = OrdersDemo.run(LocalRabbitMq::new, new Warehouse(), printed.stream());

        assertThat(status).as(printed.text()).isZero();
        assertThat(printed.text()).contains("The story holds.").doesNotContain("BROKEN");
    }
}
