package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class QuickStartTest {
    @Test
    void theQuickStartSendsAnOrderAndReceivesIt() {
        Printed printed = new Printed();
        PrintStream usual = System.out;
        System.setOut(printed.stream());
        try {
            QuickStart.main(new String[0]);
        } finally {
            System.setOut(usual);
        }

        assertThat(printed.text().lines()).containsExactly("sent to orders 0@0", "received {\"amount\":100}");
    }
}
