package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues of dead letters, and those that are read by their name: whoever comes first, writer or reader, the other takes what is there. */
class QueuesTakenAsTheyAreSimTest {
    private static final String MISSING = "NOT_FOUND - no queue 'dead' in vhost '/'";
    private static final String DIFFERS =
            "PRECONDITION_FAILED - inequivalent arg 'x-single-active-consumer' for queue 'dead' in vhost '/': received the"
                    + " value 'true' of type 'bool' but current is none";

    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private void refuse(String question, int code, String text) {
        broker.refuse(question, new Closure(Closure.Kind.BROKER, code, text, false, null));
    }

    private List<String> ofDead() {
        return broker.asked.stream().filter(each -> each.contains("queue dead")).toList();
    }

    @Test
    void aDeadLetterQueueIsAskedForAndDeclaredOnlyWhenItIsMissing() {
        refuse("check queue dead", 404, MISSING);
        subscription.deadLetters("dead").open();

        assertThat(ofDead()).containsExactly("check queue dead", "declare queue dead durable {x-queue-type=classic}");
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.warnings).isEmpty();
        assertThat(broker.troubles).isEmpty();
    }

    @Test
    void aMissingDeadLetterQueueIsDeclaredAsTheGroupsWithoutItsLimits() {
        refuse("check queue dead", 404, MISSING);
        subscription
                .options(options -> options.queueType(QueueType.QUORUM)
                        .singleActiveConsumer(true)
                        .queueArgument("x-max-in-memory-length", 5))
                .deadLetters("dead")
                .open();

        assertThat(ofDead()).endsWith("declare queue dead durable {x-queue-type=quorum, x-delivery-limit=1000000}");
    }

    @Test
    void whereAReaderDeclaresTheDeadLetterQueueMeanwhileItIsTakenAsItIs() {
        refuse("check queue dead", 404, MISSING);
        refuse("declare queue dead", 406, DIFFERS);
        subscription.deadLetters("dead").open();
        subscription.advance(Duration.ofSeconds(1));

        assertThat(ofDead())
                .containsExactly(
                        "check queue dead", "declare queue dead durable {x-queue-type=classic}", "check queue dead");
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.warnings).singleElement().asString().contains("it is used as it is");
    }

    @Test
    void whoReadsAQueueByItsNameTakesItAsItIs() {
        refuse("declare queue dead", 406, DIFFERS);
        subscription
                .group("dead")
                .topics("dead")
                .options(options -> options.singleActiveConsumer(true))
                .open();

        assertThat(ofDead())
                .containsExactly(
                        "declare queue dead durable {x-queue-type=classic, x-single-active-consumer=true}",
                        "check queue dead");
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.failures).isEmpty();
        assertThat(heard.warnings)
                .singleElement()
                .asString()
                .contains("queue 'dead' is there with another 'x-single-active-consumer'", "it is used as it is");
    }

    @Test
    void aQueueReadByItsNameThatIsGoneAtAReconnectIsDeclaredAgain() {
        refuse("declare queue dead", 406, DIFFERS);
        subscription.group("dead").topics("dead").open();
        refuse("check queue dead", 404, MISSING);
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(ofDead())
                .containsExactly(
                        "declare queue dead durable {x-queue-type=classic}",
                        "check queue dead",
                        "check queue dead",
                        "declare queue dead durable {x-queue-type=classic}");
        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void aGroupsOwnQueueIsNeverTakenAsItIs() {
        refuse("declare queue group", 406, DIFFERS.replace("dead", "group"));
        subscription
                .options(options -> options.singleActiveConsumer(true))
                .deadLetters("dead")
                .open();

        assertThat(heard.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH));
    }

    @Test
    void aQueueOfAnotherTypeIsNeverTakenAsItIs() {
        refuse("declare queue dead", 406, DIFFERS.replace("x-single-active-consumer", "x-queue-type"));
        subscription.group("dead").topics("dead").open();

        assertThat(heard.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH));
    }

    @Test
    void whatTheBrokerCannotDeclareAtAllEndsTheSubscription() {
        refuse("declare queue dead", 406, "PRECONDITION_FAILED - invalid arg 'x-max-length'");
        subscription.group("dead").topics("dead").open();

        assertThat(heard.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH));
    }
}
