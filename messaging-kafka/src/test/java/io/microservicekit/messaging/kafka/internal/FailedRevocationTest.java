package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Partitions that go when something fails that nobody expects: a bug of ours, or no memory. */
class FailedRevocationTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final ConsumerSpec spec = new ConsumerSpec(
            "group", List.of("topic"), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 100_000, null, heard);
    private final Session session = new Session(
            spec,
            heard,
            new BackendContext("client", runtime, heard, heard, LIMIT),
            new Session.Limits(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(15)),
            new ScriptedTopics().source());
    private final DriverCalls driver = new DriverCalls(consumer, () -> false, () -> {});
    private final Holdings holdings = new Holdings(1_000);
    private final Holding going = hold(PARTITION);
    private final Holding staying = hold(OTHER);
    private final PollCommands commands = new PollCommands();
    private final CloseSignal closing = new CloseSignal();
    private final Rebalances rebalances = new Rebalances(
            session,
            driver,
            holdings,
            new OffsetCommits(
                    new OffsetCommits.Parts(consumer, driver, holdings, heard, runtime::nanoTime, commit -> false),
                    Duration.ofSeconds(30),
                    (assignment, upTo) -> {}),
            new Rebalances.Signals(commands, closing, null));

    private Holding hold(TopicPartition partition) {
        return holdings.hold(partition, new PositionResolver.Position(5, new PinMetadata(1, null), false, null));
    }

    private void revoke() {
        rebalances.onPartitionsRevoked(List.of(PARTITION));
    }

    @Test
    void partitionsAreLetGoUncommittedWhenTheEngineFails() {
        IllegalStateException bug = new IllegalStateException("planted");
        going.acknowledge(9);
        heard.onRevoked(() -> {
            throw bug;
        });
        assertThatThrownBy(this::revoke).isSameAs(bug);
        assertLetGo(0);
    }

    @Test
    void partitionsAreLetGoUncommittedWhenACommandFails() {
        IllegalStateException bug = new IllegalStateException("planted");
        commands.add(() -> {
            throw bug;
        });
        assertThatThrownBy(this::revoke).isSameAs(bug);
        assertLetGo(0);
    }

    @Test
    void partitionsAreLetGoUncommittedWhenTheCommitMeetsAnError() {
        OutOfMemoryError error = new OutOfMemoryError("planted");
        going.acknowledge(9);
        consumer.failCommit(error);
        assertThatThrownBy(this::revoke).isSameAs(error);
        assertLetGo(0);
    }

    @Test
    void inACloseWhatIsLetGoSoIsReported() {
        IllegalStateException bug = new IllegalStateException("planted");
        going.acknowledge(9);
        closing.atTheLatest(runtime.nanoTime() + LIMIT.toNanos());
        commands.add(() -> {
            throw bug;
        });
        assertThatThrownBy(this::revoke).isSameAs(bug);
        assertLetGo(5);
    }

    private void assertLetGo(long unacknowledged) {
        assertThat(holdings.holds(going)).isFalse();
        assertThat(holdings.holds(staying)).isTrue();
        assertThat(consumer.committed()).isEmpty();
        assertThat(holdings.unacknowledged()).isEqualTo(unacknowledged);
    }
}
