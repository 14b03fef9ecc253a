package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.Provisioning;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A group's queue is prepared without a consumer: declared as a subscription declares it, or checked. */
class ProvisioningSimTest {
    private static final String MISSING = "NOT_FOUND - no queue 'group' in vhost '/'";

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(7);
    private final ScriptedBroker broker = new ScriptedBroker(runtime);
    private final Heard heard = new Heard();

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        assertThat(broker.openChannels()).isZero();
        assertThat(broker.users()).isZero();
        runtime.close();
    }

    private CompletableFuture<Void> provision(String group, UnaryOperator<RabbitMqOptionsBuilder> options) {
        Topology topology = new Topology(
                options.apply(RabbitMqOptions.builder().url("amqp://localhost")).build());
        List<String> topics = group.equals("dead") ? List.of("dead") : List.of("orders", "payments");
        ConsumerSpec spec =
                new ConsumerSpec(group, topics, StartPosition.NEWEST, OrderingMode.PARTITION, 16, 100_000, null, heard);
        CompletableFuture<Void> end = new Provisioning(
                        new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(10)),
                        broker,
                        "Provisioning group '" + group + "'",
                        topology.declares(),
                        presence -> topology.steps(spec, presence, true))
                .begin();
        runtime.settle();
        return end;
    }

    private CompletableFuture<Void> provision() {
        return provision("group", options -> options);
    }

    private void refuse(String question, int code, String text) {
        broker.refuse(question, new Closure(Closure.Kind.BROKER, code, text, false, null));
    }

    private static MessagingException failure(CompletableFuture<Void> end) {
        assertThat(end).isCompletedExceptionally();
        return (MessagingException)
                catchThrowableOfType(CompletionException.class, end::join).getCause();
    }

    @Test
    void itDeclaresWhatASubscriptionWouldAndConsumesNothing() {
        assertThat(provision()).isCompleted();

        assertThat(broker.asked)
                .containsExactly(
                        "check exchange amq.topic",
                        "declare queue group durable {x-queue-type=classic}",
                        "bind group to amq.topic by orders {}",
                        "bind group to amq.topic by payments {}");
        assertThat(broker.consumers()).isZero();
    }

    @Test
    void passiveOnlyChecksAndNamesWhatIsMissing() {
        refuse("check queue group", 404, MISSING);

        MessagingException error =
                failure(provision("group", options -> options.exchange("e").topology(RabbitMqTopology.PASSIVE)));

        assertThat(broker.asked).containsExactly("check exchange e", "check queue group");
        assertThat(error).isInstanceOf(ConsumeException.class);
        assertThat(error.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(error)
                .hasMessageStartingWith("Provisioning group 'group' failed")
                .hasMessageContaining("CREATE");
    }

    @Test
    void noneAsksNothing() {
        assertThat(provision("group", options -> options.topology(RabbitMqTopology.NONE)))
                .isCompleted();
        assertThat(broker.asked).isEmpty();
    }

    @Test
    void aQueueThatIsThereWithOtherArgumentsIsAMismatch() {
        refuse(
                "declare queue group",
                406,
                "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'group' in vhost '/': received none but"
                        + " current is the value '10' of type 'signedint'");

        MessagingException error = failure(provision());

        assertThat(error.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
        assertThat(error).hasMessageContaining("another 'x-max-length'");
    }

    @Test
    void aQueueReadByItsNameIsTakenAsItIs() {
        refuse(
                "declare queue dead",
                406,
                "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'dead' in vhost '/': received none but"
                        + " current is the value '10' of type 'signedint'");

        assertThat(provision("dead", options -> options)).isCompleted();
        assertThat(broker.asked).contains("check queue dead", "bind dead to amq.topic by dead {}");
        assertThat(heard.warnings).hasSize(1);
    }

    @Test
    void whatPassesIsTriedAgain() {
        refuse("bind", 404, MISSING);
        CompletableFuture<Void> end = provision();
        assertThat(end).isNotDone();

        runtime.advance(Duration.ofSeconds(1));

        assertThat(end).isCompleted();
    }

    @Test
    void itGoesOnAfterTheConnectionWasLost() {
        broker.cut(Duration.ofSeconds(3));
        CompletableFuture<Void> end = provision();
        assertThat(end).isNotDone();

        runtime.advance(Duration.ofSeconds(4));

        assertThat(end).isCompleted();
    }

    /** It asks what it had not been told again, though by then nothing it had planned is due any more. */
    @Test
    void itAsksAgainOnTheNextConnectionWhenOneIsLostInTheMiddle() {
        broker.fallSilent();
        CompletableFuture<Void> end = provision();
        broker.answerAgain();
        broker.cut(Duration.ofSeconds(3));
        runtime.settle();
        assertThat(end).isNotDone();

        runtime.advance(Duration.ofSeconds(4));

        assertThat(end).isCompleted();
    }

    @Test
    void whenTheConnectTimeoutHasPassedItSaysWhatItWaitedFor() {
        for (int i = 0; i < 40; i++) {
            refuse("bind", 404, MISSING);
        }
        CompletableFuture<Void> end = provision();
        runtime.advance(Duration.ofMillis(9_999));
        assertThat(end).isNotDone();
        runtime.advance(Duration.ofMillis(1));

        assertThat(failure(end).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(failure(end)).hasMessageContaining("PT10S have passed").hasMessageContaining("no queue 'group'");
        runtime.advance(Duration.ofSeconds(5));
    }

    @Test
    void whatTheConnectionGivesUpIsItsError() {
        broker.cut(Duration.ofMinutes(1));
        CompletableFuture<Void> end = provision();
        broker.failUsers(new BackendUnavailableException(ErrorCode.AUTHENTICATION, "the password is wrong"));
        runtime.settle();

        assertThat(failure(end).code()).isEqualTo(ErrorCode.AUTHENTICATION);
    }

    private CompletableFuture<Void> unbind() {
        return unbind(options -> options);
    }

    private CompletableFuture<Void> unbind(UnaryOperator<RabbitMqOptionsBuilder> options) {
        Topology topology = new Topology(
                options.apply(RabbitMqOptions.builder().url("amqp://localhost")).build());
        CompletableFuture<Void> end = new Provisioning(
                        new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(10)),
                        broker,
                        "Unbinding",
                        true,
                        presence -> topology.stepsOfUnbinding("group", "orders"))
                .begin();
        runtime.settle();
        return end;
    }

    @Test
    void unbindingTakesTheBindingAwayAndNothingElse() {
        assertThat(unbind()).isCompleted();
        assertThat(broker.asked).containsExactly("unbind group from amq.topic by orders {}");
    }

    /** A binding is named by its arguments too: without them another one would be meant. */
    @Test
    void theBindingThatIsTakenAwayIsTheOneThatWasMade() {
        assertThat(unbind(options -> options.exchange("regions")
                        .exchangeType(ExchangeType.HEADERS)
                        .bindingArgument("region", "eu")))
                .isCompleted();
        assertThat(broker.asked).containsExactly("unbind group from regions by orders {region=eu}");
    }

    @Test
    void aQueueThatIsNotThereIsBoundToNothing() {
        refuse("unbind", 404, MISSING);

        assertThat(unbind()).isCompleted();
    }

    @Test
    void theRightThatUnbindingNeedsIsNamed() {
        refuse("unbind", 403, "ACCESS_REFUSED - access to exchange 'amq.topic' in vhost '/' refused for user 'u'");

        MessagingException error = failure(unbind());

        assertThat(error.code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(error).hasMessageContaining("needs the right 'read' on exchange 'amq.topic'");
    }

    @Test
    void nothingIsUnboundThatIsNotOurs() {
        assertThat(problem(options -> options)).isNull();
        assertThat(problem(options -> options.defaultExchange(true))).contains("bound to nothing");
        assertThat(problem(options -> options.topology(RabbitMqTopology.PASSIVE)))
                .contains("PASSIVE", "Use CREATE");
        assertThat(problem(options -> options.topology(RabbitMqTopology.NONE))).contains("NONE", "Use CREATE");
    }

    private static @Nullable String problem(UnaryOperator<RabbitMqOptionsBuilder> options) {
        return new Topology(options.apply(RabbitMqOptions.builder().url("amqp://localhost"))
                        .build())
                .problemOfUnbinding();
    }
}
