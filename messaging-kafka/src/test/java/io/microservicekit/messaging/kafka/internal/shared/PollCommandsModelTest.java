package io.microservicekit.messaging.kafka.internal.shared;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Others add commands; one poll thread runs them, and tells which it has run since it last told. */
@Param(name = "command", gen = IntGen.class, conf = "1:9")
public class PollCommandsModelTest {
    private final PollCommands commands = new PollCommands();
    private final List<Integer> ran = new ArrayList<>();

    @Operation
    public void add(@Param(name = "command") int command) {
        commands.add(() -> ran.add(command));
    }

    @Operation(nonParallelGroup = "poll")
    public List<Integer> runAll() {
        ran.clear();
        commands.runAll();
        return new ArrayList<>(ran);
    }

    @Test
    void eachCommandRunsOnceInTheOrderInWhichTheyWereAdded() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(PollCommandsModelTest.class);
    }
}
