package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The rules of the bound, one thread after the other. */
class SendRoomTest {
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();
    private final CompletableFuture<Boolean> second = new CompletableFuture<>();

    @Test
    void messagesAndBytesAreBoundedEach() {
        SendRoom room = new SendRoom(2, 10);
        assertThat(room.tryTake(6)).isTrue();
        assertThat(room.tryTake(5)).as("11 of 10 bytes").isFalse();
        assertThat(room.tryTake(4)).isTrue();
        assertThat(room.tryTake(0)).as("third of 2 messages").isFalse();
        room.free(6);
        assertThat(room.tryTake(6)).isTrue();
        assertThat(room.messages()).isEqualTo(2);
    }

    @Test
    void theLargestBoundsHold() {
        SendRoom room = new SendRoom(10_000_000, 1L << 40);
        assertThat(room.tryTake(1L << 39)).isTrue();
        assertThat(room.tryTake((1L << 39) - 1)).isTrue();
        assertThat(room.tryTake(1)).isFalse();
        assertThat(room.messages()).isEqualTo(2);
        for (int i = 2; i < 10_000_000; i++) {
            room.tryTake(0);
        }
        assertThat(room.messages()).isEqualTo(10_000_000);
        assertThat(room.tryTake(0)).isFalse();
    }

    @Test
    void aMessageLargerThanAllRoomIsLetInAlone() {
        SendRoom room = new SendRoom(10, 10);
        assertThat(room.tryTake(1)).isTrue();
        assertThat(room.tryTake(1L << 42)).isFalse();
        room.free(1);
        assertThat(room.tryTake(1L << 42)).isTrue();
        assertThat(room.tryTake(0)).isFalse();
        room.free(1L << 42);
        assertThat(room.messages()).isZero();
        assertThat(room.tryTake(10)).isTrue();
    }

    @Test
    void thoseWhoWaitAreLetInAsTheyCameAndNobodyPassesThem() {
        SendRoom room = new SendRoom(10, 10);
        assertThat(room.tryTake(9)).isTrue();
        room.lineUp(5, first);
        room.lineUp(1, second);
        assertThat(second).as("would fit, but came later").isNotDone();
        assertThat(room.tryTake(1)).as("would fit, but others wait").isFalse();
        room.free(9);
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
        assertThat(room.tryTake(4)).isTrue();
        assertThat(room.messages()).isEqualTo(3);
    }

    @Test
    void oneWhoNoLongerWaitsMakesWayForTheNext() {
        SendRoom room = new SendRoom(10, 10);
        assertThat(room.tryTake(5)).isTrue();
        SendRoom.Waiter large = room.lineUp(10, first);
        room.lineUp(5, second);
        room.withdraw(large);
        assertThat(first).isNotDone();
        assertThat(second).isCompletedWithValue(true);
    }

    @Test
    void roomThatCameTooLateIsGivenBack() {
        SendRoom room = new SendRoom(1, 10);
        assertThat(room.tryTake(0)).isTrue();
        SendRoom.Waiter late = room.lineUp(3, first);
        room.free(0);
        assertThat(first).isCompletedWithValue(true);
        room.withdraw(late);
        room.withdraw(late);
        assertThat(room.messages()).isZero();
        assertThat(room.tryTake(10)).isTrue();
    }

    @Test
    void aCloseEndsAllWaitingAndNobodyWaitsAfterIt() {
        SendRoom room = new SendRoom(1, 10);
        assertThat(room.tryTake(0)).isTrue();
        room.lineUp(3, first);
        room.close();
        assertThat(first).isCompletedWithValue(false);
        room.lineUp(3, second);
        assertThat(second).isCompletedWithValue(false);
        room.free(0);
        assertThat(room.messages()).isZero();
    }
}
