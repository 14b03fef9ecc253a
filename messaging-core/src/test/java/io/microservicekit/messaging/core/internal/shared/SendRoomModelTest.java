package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two threads at one room, of which one may wait: in no interleaving is the bound passed or a turn forgotten. What one call takes is not compared with a
 * sequence of calls: a taker that saw nobody wait may still pass one who began to meanwhile.
 */
@Param(name = "bytes", gen = IntGen.class, conf = "1:3")
public class SendRoomModelTest {
    private static final int ALL = 4;

    private final SendRoom room = new SendRoom(2, ALL);
    private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
    private boolean waits;
    private boolean freed;

    public SendRoomModelTest() {
        room.tryTake(ALL);
    }

    @Operation
    public void take(@Param(name = "bytes") int bytes) {
        boolean unused = room.tryTake(bytes);
    }

    @Operation(runOnce = true)
    public void free() {
        freed = true;
        room.free(ALL);
    }

    @Operation(runOnce = true)
    public void waitForRoom() {
        waits = true;
        SendRoom.Waiter unused = room.lineUp(ALL, turn);
    }

    /** Room for all was freed, and what was taken meanwhile by others is still theirs. */
    @Validate
    public void noTurnIsForgotten() {
        if (room.messages() > 2 || (waits && freed && room.messages() == 0)) {
            throw new IllegalStateException(
                    room.messages() + " messages have room, and the one who waits has a turn: " + turn.isDone());
        }
    }

    @Test
    @Tag("long-model")
    void roomIsTakenInSomeOrderAndNoTurnIsForgotten() {
        Interleavings.check(SendRoomModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(SendRoomModelTest.class);
    }
}
