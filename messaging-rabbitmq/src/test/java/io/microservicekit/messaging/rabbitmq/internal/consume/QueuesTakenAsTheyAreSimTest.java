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
    private static final String DIFFERS = differs("x-max-priority", "none", "the value '5' of type 'signedint'");
    private static final String NOT_SINGLE =
            differs("x-single-active-consumer", "the value 'true' of type 'bool'", "none");
    private static final String ADOPTED = "declare queue dead durable {x-queue-type=classic, x-max-priority=5}";

    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private static String differs(String argument, String wanted, String actual) {
        return "PRECONDITION_FAILED - inequivalent arg '" + argument + "' for queue 'dead' in vhost '/': received "
                + wanted + " but current is " + actual;
    }

    private void failsAsAnother() {
        assertThat(heard.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH));
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

        assertThat(ofDead())
                .endsWith("declare queue dead durable {x-queue-type=quorum, x-delivery-limit=1000000,"
                        + " x-single-active-consumer=true}");
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

    /** The node comes back with it. */
    @Test
    void aDeadLetterQueueOnANodeThatIsDownIsNotTakenForMissing() {
        refuse(
                "check queue dead",
                404,
                "NOT_FOUND - home node 'rabbit@b' of durable queue 'dead' is down or inaccessible");
        subscription.deadLetters("dead").open();
        assertThat(heard.warnings).singleElement().asString().contains("rabbit@b", "is tried again");
        subscription.advance(Duration.ofSeconds(1));

        assertThat(ofDead()).containsExactly("check queue dead", "check queue dead");
        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void aLimitOfDeliveriesThatIsLowerThanOursIsNotTakenAsItIs() {
        refuse("declare queue dead", 406, differs("x-delivery-limit", "'1000000'", "'20'"));
        subscription.options(options -> options.queueType(QueueType.QUORUM));
        readsDead();

        failsAsAnother();
        assertThat(heard.failures.get(0)).hasMessageContaining("x-delivery-limit");
    }

    private void readsDead() {
        subscription.group("dead").topics("dead").open();
        subscription.advance(Duration.ofSeconds(5));
    }

    @Test
    void whoReadsAQueueByItsNameTakesItAsItIs() {
        refuse("declare queue dead", 406, DIFFERS);
        readsDead();

        assertThat(ofDead())
                .containsExactly("declare queue dead durable {x-queue-type=classic}", "check queue dead", ADOPTED);
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.failures).isEmpty();
        assertThat(heard.warnings)
                .singleElement()
                .asString()
                .contains("queue 'dead' is there with another 'x-max-priority'", "it is used as it is");
    }

    @Test
    void ofAQueueThatIsReadByItsNameEachDifferenceIsSaid() {
        refuse("declare queue dead durable", 406, differs("durable", "'true'", "'false'"));
        refuse("declare queue dead {", 406, DIFFERS);
        refuse("declare queue dead {", 406, differs("x-overflow", "none", "the value 'drop-head' of type 'longstr'"));
        readsDead();

        assertThat(ofDead())
                .endsWith("declare queue dead {x-queue-type=classic, x-max-priority=5, x-overflow=drop-head}");
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.warnings).hasSize(3);
    }

    /** Where both have the argument the broker writes the values alone, without their types. */
    @Test
    void anotherValueOfAnArgumentThatWasAskedForIsTakenToo() {
        refuse("declare queue dead", 406, differs("x-max-priority", "'10'", "'5'"));
        refuse("declare queue dead", 406, differs("x-overflow", "'reject-publish'", "'drop-head'"));
        subscription.options(
                options -> options.queueArgument("x-max-priority", 10).queueArgument("x-overflow", "reject-publish"));
        readsDead();

        assertThat(ofDead().get(ofDead().size() - 1)).contains("x-max-priority=5", "x-overflow=drop-head");
        assertThat(heard.events).endsWith("ready");
        assertThat(heard.warnings).hasSize(2);
    }

    @Test
    void aDifferenceThatIsTakenHidesNoneThatMatters() {
        refuse("declare queue dead", 406, DIFFERS);
        refuse("declare queue dead", 406, differs("x-queue-type", "'classic'", "'quorum'"));
        readsDead();

        failsAsAnother();
        assertThat(heard.failures.get(0)).hasMessageContaining("x-queue-type");
    }

    @Test
    void whatIsThereAndCannotBeReadIsNotTakenAsItIs() {
        refuse("declare queue dead", 406, differs("x-max-priority", "none", "the value '5' of ty..."));
        readsDead();

        failsAsAnother();
    }

    @Test
    void aDifferenceThatStaysIsNotAskedForWithoutEnd() {
        for (int i = 0; i < 20; i++) {
            refuse("declare queue dead", 406, DIFFERS);
        }
        readsDead();

        failsAsAnother();
        assertThat(ofDead()).hasSize(3);
    }

    @Test
    void withoutTheSingleActiveConsumerThatIsAskedForTheOrderWouldBeLostSoTheSubscriptionFails() {
        refuse("declare queue dead", 406, NOT_SINGLE);
        subscription.options(options -> options.singleActiveConsumer(true));
        readsDead();

        failsAsAnother();
    }

    @Test
    void aQueueWithASingleActiveConsumerThatWasNotAskedForIsConsumedAsSuch() {
        refuse(
                "declare queue dead",
                406,
                differs("x-single-active-consumer", "none", "the value 'true' of type 'bool'"));
        readsDead();
        broker.publish(10, "dead");
        subscription.settle();
        for (int tag = 1; tag <= 10; tag++) {
            subscription.consumer().hold(heard.last(), tag);
        }
        subscription.settle();

        assertThat(broker.consumers()).as("a second one would get nothing").isEqualTo(1);
        assertThat(subscription.consumer().impediment()).contains("a single active consumer");
    }

    @Test
    void aSingleActiveConsumerThatWasOnlyThereBeforeIsNotMissed() {
        refuse(
                "declare queue dead",
                406,
                differs("x-single-active-consumer", "none", "the value 'true' of type 'bool'"));
        readsDead();
        refuse("declare queue dead", 406, NOT_SINGLE);
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(heard.failures).isEmpty();
        assertThat(heard.events).endsWith("ready");
        assertThat(ofDead()).endsWith("declare queue dead durable {x-queue-type=classic}");
    }

    @Test
    void aQueueThatWouldGoWithItsFirstConnectionIsNotTakenAsItIs() {
        refuse("declare queue dead", 406, differs("auto_delete", "'false'", "'true'"));
        readsDead();

        failsAsAnother();
    }

    @Test
    void aQueueReadByItsNameThatIsGoneAtAReconnectIsDeclaredAgainAsWanted() {
        refuse("declare queue dead", 406, DIFFERS);
        readsDead();
        refuse("check queue dead", 404, MISSING);
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(ofDead()).endsWith(ADOPTED, "check queue dead", "declare queue dead durable {x-queue-type=classic}");
        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void aQueueReadByItsNameThatIsAnotherAtAReconnectIsLookedAtAgain() {
        refuse("declare queue dead", 406, DIFFERS);
        readsDead();
        refuse("declare queue dead", 406, differs("x-queue-type", "'classic'", "'quorum'"));
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(5));

        failsAsAnother();
    }

    @Test
    void aGroupsOwnQueueIsNeverTakenAsItIs() {
        refuse("declare queue group", 406, DIFFERS.replace("dead", "group"));
        subscription
                .options(options -> options.singleActiveConsumer(true))
                .deadLetters("dead")
                .open();

        failsAsAnother();
    }

    @Test
    void aQueueOfAnotherTypeIsNeverTakenAsItIs() {
        refuse("declare queue dead", 406, differs("x-queue-type", "'classic'", "'quorum'"));
        subscription.group("dead").topics("dead").open();

        failsAsAnother();
    }

    @Test
    void whatTheBrokerCannotDeclareAtAllEndsTheSubscription() {
        refuse("declare queue dead", 406, "PRECONDITION_FAILED - invalid arg 'x-max-length'");
        subscription.group("dead").topics("dead").open();

        failsAsAnother();
    }
}
