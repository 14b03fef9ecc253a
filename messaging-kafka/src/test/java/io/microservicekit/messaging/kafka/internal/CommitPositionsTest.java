package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPositionsTest {
    @Test
    void withoutGapsThePositionIsBehindTheTag() {
        CommitPositions positions = new CommitPositions(100);
        positions.delivered(100, 109);
        positions.advanced(110);
        assertThat(positions.position(99)).isEqualTo(100);
        assertThat(positions.position(104)).isEqualTo(105);
        assertThat(positions.position(109)).isEqualTo(110);
    }

    @Test
    void theGapBehindABatchIsCommittedWithItsLastTag() {
        CommitPositions positions = new CommitPositions(0);
        positions.delivered(0, 9);
        positions.advanced(15);
        positions.delivered(15, 19);
        positions.advanced(20);
        assertThat(positions.position(8)).isEqualTo(9);
        assertThat(positions.position(9)).isEqualTo(15);
        assertThat(positions.position(19)).isEqualTo(20);
    }

    @Test
    void aGapBeforeABatchIsSkippedWhenAllBeforeItIsFinished() {
        CommitPositions positions = new CommitPositions(0);
        positions.delivered(0, 4);
        positions.delivered(10, 14);
        assertThat(positions.position(3)).isEqualTo(4);
        assertThat(positions.position(4)).isEqualTo(10);
    }

    @Test
    void gapsWithoutAnyMessageMoveThePositionAtOnce() {
        CommitPositions positions = new CommitPositions(5);
        positions.advanced(8);
        positions.advanced(12);
        assertThat(positions.position(4)).isEqualTo(12);
    }

    @Test
    void anUnfinishedMessageHoldsTheGapBehindItBack() {
        CommitPositions positions = new CommitPositions(0);
        positions.delivered(0, 0);
        positions.advanced(7);
        positions.advanced(9);
        assertThat(positions.position(-1)).isZero();
        assertThat(positions.position(0)).isEqualTo(9);
    }

    @Test
    void thePositionNeverGoesBack() {
        CommitPositions positions = new CommitPositions(0);
        positions.delivered(0, 9);
        assertThat(positions.position(9)).isEqualTo(10);
        assertThat(positions.position(3)).isEqualTo(10);
    }
}
