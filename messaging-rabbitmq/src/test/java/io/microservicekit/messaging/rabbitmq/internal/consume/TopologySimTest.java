package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is declared or checked at the broker, and what its refusals become. */
class TopologySimTest {
    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private List<String> topology() {
        return broker.asked.stream()
                .filter(each -> !each.startsWith("prefetch") && !each.startsWith("consume"))
                .toList();
    }

    private void refuse(String question, int code, String text) {
        broker.refuse(question, new Closure(Closure.Kind.BROKER, code, text, false, null));
    }

    private MessagingException failure() {
        assertThat(heard.failures).hasSize(1);
        assertThat(broker.users()).isZero();
        return heard.failures.get(0);
    }

    @Test
    void eachTopicIsBoundToTheConfiguredExchange() {
        subscription
                .topics("order.created", "order.paid")
                .options(options -> options.exchange("orders").exchangeType(ExchangeType.DIRECT))
                .open();

        assertThat(topology())
                .containsExactly(
                        "declare exchange orders direct durable",
                        "declare queue group durable {x-queue-type=classic}",
                        "bind group to orders by order.created {}",
                        "bind group to orders by order.paid {}");
    }

    @Test
    void aHeadersExchangeMatchesByTheBindingArguments() {
        subscription
                .options(options -> options.exchange("h")
                        .exchangeType(ExchangeType.HEADERS)
                        .bindingArgument("x-match", "any")
                        .bindingArgument("kind", "a"))
                .open();

        assertThat(topology()).contains("bind group to h by orders {x-match=any, kind=a}");
    }

    @Test
    void whatIsNotDurableIsDeclaredSo() {
        subscription
                .options(options -> options.exchange("e").durable(false))
                .deadLetters("dead")
                .open();

        assertThat(topology())
                .containsExactly(
                        "declare exchange e direct",
                        "declare queue group {x-queue-type=classic}",
                        "bind group to e by orders {}",
                        "check queue dead");
    }

    @Test
    void aQuorumQueueNeverDropsWhatIsDeliveredOften() {
        subscription
                .options(options -> options.queueType(QueueType.QUORUM)
                        .singleActiveConsumer(true)
                        .queueArgument("x-max-in-memory-length", 5))
                .deadLetters("dead")
                .open();

        assertThat(topology())
                .contains(
                        "declare queue group durable {x-queue-type=quorum, x-delivery-limit=1000000,"
                                + " x-max-in-memory-length=5, x-single-active-consumer=true}",
                        "check queue dead");
    }

    @Test
    void withTheDefaultExchangeTheTopicIsTheQueue() {
        subscription.options(options -> options.defaultExchange(true)).open();

        assertThat(broker.asked)
                .containsExactly(
                        "declare queue orders durable {x-queue-type=classic}", "prefetch 10", "consume orders");
        assertThat(heard.last().topic()).isEqualTo("orders");
    }

    @Test
    void theDefaultExchangeHasOneTopicForAConsumer() {
        subscription.topics("a", "b").options(options -> options.defaultExchange(true));

        assertThatThrownBy(subscription::open)
                .hasMessageContaining("a topic is a queue")
                .satisfies(error -> assertThat(MessagingException.is(error, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void passiveDeclaresNothing() {
        subscription
                .options(options -> options.exchange("e").topology(RabbitMqTopology.PASSIVE))
                .deadLetters("dead")
                .open();

        assertThat(topology()).containsExactly("check exchange e", "check queue group", "check queue dead");
        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void noneAsksForTheDeadLetterQueueOnly() {
        subscription
                .options(options -> options.topology(RabbitMqTopology.NONE))
                .deadLetters("dead")
                .open();

        assertThat(topology()).containsExactly("check queue dead");
    }

    @Test
    void aMissingDeadLetterQueueEndsTheSubscriptionByItsName() {
        refuse("check queue dead", 404, "NOT_FOUND - no queue 'dead' in vhost '/'");
        subscription
                .options(options -> options.topology(RabbitMqTopology.PASSIVE))
                .deadLetters("dead")
                .open();

        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure())
                .hasMessage(
                        "Consuming [orders] in group 'group' failed: the dead-letter queue 'dead' does not exist"
                                + " (404 NOT_FOUND - no queue 'dead' in vhost '/'). Create it, or use the topology mode CREATE.");
    }

    @Test
    void aDeadLetterQueueThatGoesMissingLaterIsWaitedFor() {
        subscription
                .options(options -> options.topology(RabbitMqTopology.PASSIVE))
                .deadLetters("dead")
                .open();
        refuse("check queue dead", 404, "NOT_FOUND - no queue 'dead' in vhost '/'");
        subscription.consumer().recycle(heard.last(), "held for long");
        subscription.advance(Duration.ofSeconds(1));

        assertThat(heard.events).endsWith("ready");
        assertThat(heard.failures).isEmpty();
    }

    @Test
    void aQueueWithOtherArgumentsIsAMismatchThatNamesThem() {
        refuse(
                "declare queue group",
                406,
                "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'group' in vhost '/': received none but"
                        + " current is the value '10' of type 'signedint'");
        subscription.open();

        assertThat(failure().code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
        assertThat(failure())
                .hasMessageContaining(
                        "queue 'group' is there with another 'x-max-length': wanted none, actual the value"
                                + " '10' of type 'signedint'");
    }

    @Test
    void aMismatchAtAReconnectEndsInsteadOfRepeatingForEver() {
        subscription.open();
        refuse("declare queue", 406, "PRECONDITION_FAILED - invalid arg 'x-queue-type'");
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(heard.events).containsSubsequence("lost 1", "failed TOPOLOGY_MISMATCH");
        assertThat(failure()).hasMessageContaining("the broker refuses declaring queue 'group'");
    }

    @Test
    void aMissingRightIsNamed() {
        refuse(
                "declare queue group",
                403,
                "ACCESS_REFUSED - access to queue 'group' in vhost '/' refused for user 'u'");
        subscription.open();

        assertThat(failure().code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(failure())
                .hasMessageContaining(
                        "our user may not do it: declaring queue 'group' needs the right 'configure' on queue 'group'");
    }

    @Test
    void theRightToReadTheExchangeIsNamedWhenABindingNeedsIt() {
        refuse("bind", 403, "ACCESS_REFUSED - access to exchange 'amq.topic' in vhost '/' refused for user 'u'");
        subscription.open();

        assertThat(failure()).hasMessageContaining("needs the right 'read' on exchange 'amq.topic'");
    }

    @Test
    void theRightToWriteToTheQueueIsNamedWhenABindingNeedsIt() {
        refuse("bind", 403, "ACCESS_REFUSED - write access to queue 'group' in vhost '/' refused for user 'u'");
        subscription.open();

        assertThat(failure()).hasMessageContaining("needs the right 'write' on queue 'group' (403");
    }

    @Test
    void theRightToConsumeIsNamed() {
        refuse("consume", 403, "ACCESS_REFUSED - access to queue 'group' in vhost '/' refused for user 'u'");
        subscription.open();

        assertThat(failure()).hasMessageContaining("consuming queue 'group' needs the right 'read' on queue 'group'");
    }

    @Test
    void aQueueThatIsExclusiveToAnotherConnectionIsAMismatch() {
        refuse("declare queue", 405, "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'group'");
        subscription.open();

        assertThat(failure().code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
    }

    @Test
    void aForeignConsumerThatWantsTheQueueForItselfIsWaitedFor() {
        for (int i = 0; i < 10; i++) {
            refuse("consume", 403, "ACCESS_REFUSED - queue 'group' in vhost '/' in exclusive use");
        }
        subscription.open();
        subscription.advance(Duration.ofSeconds(10));
        assertThat(subscription.consumer().impediment())
                .isEqualTo(
                        "consuming queue 'group' was refused (403 ACCESS_REFUSED - queue 'group' in vhost '/' in exclusive"
                                + " use) and is tried again");
        subscription.advance(Duration.ofMinutes(1));

        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void aQueueOnANodeThatIsDownIsWaitedFor() {
        for (int i = 0; i < 30; i++) {
            refuse(
                    "check queue",
                    404,
                    "NOT_FOUND - home node 'rabbit@b' of durable queue 'group' in vhost '/' is down or inaccessible");
        }
        subscription
                .options(options -> options.topology(RabbitMqTopology.PASSIVE))
                .open();
        subscription.advance(Duration.ofMinutes(1));
        assertThat(subscription.consumer().impediment()).contains("is down or inaccessible");
        assertThat(broker.asked.size()).isLessThan(40);
        subscription.advance(Duration.ofMinutes(3));

        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void aQueueThatIsDeletedWhileItIsConsumedIsDeclaredAnew() {
        subscription.open();
        refuse("bind", 404, "NOT_FOUND - no queue 'group' in vhost '/'");
        broker.cancelConsumers();
        subscription.advance(Duration.ofSeconds(1));

        assertThat(heard.events).endsWith("ready");
        assertThat(heard.failures).isEmpty();
    }

    @Test
    void aQueueThatIsDeletedAndMayNotBeDeclaredEndsTheSubscription() {
        subscription.options(options -> options.topology(RabbitMqTopology.NONE)).open();
        refuse("consume", 404, "NOT_FOUND - no queue 'group' in vhost '/'");
        broker.cancelConsumers();
        subscription.advance(Duration.ofSeconds(1));

        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure()).hasMessageContaining("what consuming queue 'group' needs does not exist");
    }

    @Test
    void whatTheConnectionGivesUpEndsTheSubscription() {
        subscription.open();
        broker.failUsers(new ConsumeException(ErrorCode.AUTHENTICATION, "the password is wrong"));
        subscription.settle();

        assertThat(heard.events).endsWith("lost 1", "failed AUTHENTICATION");
        assertThat(broker.openChannels()).isZero();
    }

    @Test
    void theConsumersOfAGroupSubscribeTheSameTopics() {
        subscription.topics("a", "b").open();
        assertThat(subscription.topics("b", "a").another(heard)).isNotNull();

        assertThatThrownBy(() -> subscription.topics("b", "c").another(heard))
                .hasMessage("Consuming [b, c] in group 'group' failed: another consumer of this client in this group"
                        + " subscribes [a, b]; only this one has [c]; only the other has [a]; a group is one queue, whose"
                        + " consumers share all its topics. Subscribe the same topics, or use another group.")
                .satisfies(error -> assertThat(MessagingException.is(error, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void aMessageOfATopicThatNobodySubscribedIsHandledAndSaidOnce() {
        subscription.topics("orders.*", "paid.#").options(options -> options).open();
        broker.publish(1, "orders.new");
        broker.publish(1, "paid");
        broker.publish(1, "paid.in.full");
        subscription.settle();
        assertThat(heard.warnings).isEmpty();
        broker.publish(1, "orders.new.today");
        broker.publish(1, "other");
        subscription.settle();

        assertThat(heard.messages).hasSize(5);
        assertThat(heard.warnings).hasSize(1);
        assertThat(heard.warnings.get(0)).contains("topic 'orders.new.today' came, which is not subscribed");
    }

    @Test
    void aFanoutExchangeDoesNotLookAtTopics() {
        subscription
                .options(options -> options.exchange("all").exchangeType(ExchangeType.FANOUT))
                .open();
        broker.publish(1, "anything");
        subscription.settle();

        assertThat(heard.messages).hasSize(1);
        assertThat(heard.warnings).isEmpty();
    }

    @Test
    void withAutoAckNothingIsAcknowledgedAndNothingIsHeldTooLong() {
        subscription.options(options -> options.autoAck(true)).discarding().open();
        broker.publish(50);
        subscription.settle();
        subscription.consumer().acknowledge(heard.last(), 50, new long[0]);
        var flushed = subscription.consumer().flush(heard.last());
        subscription.settle();

        assertThat(heard.messages).hasSize(50);
        assertThat(heard.events).endsWith("acknowledged 50");
        assertThat(flushed).isCompleted();
        assertThat(broker.asked).noneMatch(each -> each.startsWith("ack"));
        assertThat(subscription.consumer().holdLimit()).isNull();
    }

    @Test
    void autoAckContradictsAConsumerThatPromisesMoreThanToDiscard() {
        subscription.options(options -> options.autoAck(true));

        assertThatThrownBy(subscription::open)
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageContaining("autoAck(true) contradicts")
                .hasMessageContaining("exhausted(ExhaustedPolicy.DISCARD)");
    }

    @Test
    void aQueueOfTheLongestNameIsConsumedUnderATagThatTheBrokerTakes() {
        subscription
                .topics("é".repeat(127))
                .options(options -> options.defaultExchange(true))
                .open();

        assertThat(heard.events).containsExactly("assigned 1", "ready");
    }
}
