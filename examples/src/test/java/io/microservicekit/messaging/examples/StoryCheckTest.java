package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A story that was really told is falsified in one place; each time the check must notice. */
class StoryCheckTest {
    private static final Facts TOLD = new Facts();

    private final Facts facts = copyOf(TOLD);

    @BeforeAll
    static void tellTheStory() throws InterruptedException {
        try (DemoBroker broker = new EmbeddedBroker()) {
            Narrator narrator = new Narrator(new Printed().stream());
            copy(new OrdersStory(broker, new Warehouse(), narrator).tell(), TOLD);
        }
    }

    private static Facts copyOf(Facts facts) {
        Facts copy = new Facts();
        copy(facts, copy);
        return copy;
    }

    private static void copy(Facts from, Facts to) {
        to.sent.putAll(from.sent);
        to.attempts.addAll(from.attempts);
        to.handled.addAll(from.handled);
        to.retries.addAll(from.retries);
        to.deadLettered.addAll(from.deadLettered);
        to.deadLetters.addAll(from.deadLetters);
        to.handledBySuccessor.addAll(from.handledBySuccessor);
        to.surprises.addAll(from.surprises);
        to.metrics = from.metrics;
        to.report = from.report;
        to.survivors = from.survivors;
    }

    private List<String> broken() {
        return new StoryCheck(facts, new Narrator(new Printed().stream())).broken();
    }

    private void assertOnly(String promise) {
        assertThat(broken()).singleElement().asString().contains(promise);
    }

    @Test
    void theTrueStoryHolds() {
        assertThat(broken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {999_999_999, 4_000_000_001L})
    void aWaitThatIsTooShortOrFarTooLongIsNoticed(long nanos) {
        Facts.Attempt first = attempt(1);
        Facts.Attempt second = attempt(2);
        long begin = first.end() + nanos;
        facts.attempts.set(facts.attempts.indexOf(second), new Facts.Attempt(second.order(), 2, begin, second.end()));

        assertOnly("no wait was shorter");
    }

    private Facts.Attempt attempt(int number) {
        return facts.attempts.stream()
                .filter(attempt -> attempt.order().equals(Script.NO_STOCK.id()) && attempt.number() == number)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anOrderHandledTwiceIsNoticed() {
        facts.handled.add(Script.BUSY.id());

        assertOnly("was handled, once");
    }

    @Test
    void aLostOrderIsNoticed() {
        facts.handled.remove(Script.SLOW.id());

        assertOnly("was handled, once");
    }

    @Test
    void ordersOfOneCustomerThatOvertakeEachOtherAreNoticed() {
        facts.attempts.add(attempt(4));

        assertThat(broken()).anyMatch(line -> line.contains("orders of carol were finished in the order sent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                DeadLetterHeaders.ORIGINAL_TOPIC,
                DeadLetterHeaders.ORIGINAL_PARTITION,
                DeadLetterHeaders.ORIGINAL_OFFSET,
                DeadLetterHeaders.ERROR_MESSAGE,
                DeadLetterHeaders.CONSUMER_GROUP
            })
    void aWrongHeaderOfTheDeadLetterIsNoticed(String name) {
        ReceivedMessage letter = facts.deadLetters.get(0);
        var headers = letter.headers().toBuilder().set(name, "wrong").build();
        var message = letter.message().toBuilder().headers(headers).build();
        facts.deadLetters.set(0, ReceivedMessage.of(message, letter.position(), letter.group()));

        assertOnly(name);
    }

    @Test
    void aDrainedOrderThatIsDeliveredAgainIsNoticed() {
        facts.handledBySuccessor.add(0, Script.SLOW.id());

        assertOnly("the successor got");
    }

    @Test
    void aReturnedOrderThatIsNotDeliveredAgainIsNoticed() {
        facts.handledBySuccessor.remove(Script.BEHIND.id());

        assertOnly("the successor got");
    }

    @Test
    void anUncleanShutdownIsNoticed() {
        var abandoned = List.of(MessagePosition.of(Script.TOPIC, 0, 2));
        facts.report = new ShutdownReport(1, 0, abandoned, 0, 0, 0, Duration.ofSeconds(10));

        assertOnly("the shutdown was clean");
    }

    @Test
    void aThreadThatSurvivesIsNoticed() {
        facts.survivors = List.of("orders-demo-control");

        assertOnly("no thread of the client survived");
    }

    @Test
    void aSurpriseIsNoticed() {
        facts.surprises.add("a send to orders failed");

        assertOnly("no surprise");
    }
}
