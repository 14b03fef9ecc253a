package io.microservicekit.messaging.it.accounting;

import static io.microservicekit.messaging.it.accounting.Judgement.assertBreaks;
import static io.microservicekit.messaging.it.accounting.Judgement.assertGood;
import static io.microservicekit.messaging.it.accounting.Judgement.promises;
import static io.microservicekit.messaging.it.accounting.Story.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.accounting.Event.Change;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule on a history that breaks it alone, beside the nearest one that does not. */
class CheckerTest {
    private static Story twoSent() {
        return new Story().sent(id(1), id(2));
    }

    @Test
    void aRunWithoutAFlawIsGood() {
        Story story = twoSent()
                .handled(id(1), id(2))
                .committed(2)
                .closing(Duration.ofSeconds(1))
                .closed();
        assertGood(story, promises().order(Order.PARTITION).endsWith(new EndState(Map.of("orders-0", 0L), List.of())));
        assertGood(story, promises());
    }

    @Test
    void anAcknowledgedMessageNeverFinishedIsLost() {
        assertBreaks(Rule.A1_LOST, "1 of 2 acknowledged", twoSent().handled(id(1)), promises());
        assertBreaks(Rule.A1_LOST, "orders/p/k/2", twoSent().handled(id(1)).start(id(2)), promises());
    }

    @Test
    void aLostMessageInTheMiddleIsLostAndNoMatterOfOrder() {
        assertBreaks(Rule.A1_LOST, "orders/p/k/1", twoSent().handled(id(2)), promises());
    }

    @Test
    void aMessageThatNobodySentIsFabricated() {
        assertBreaks(Rule.A2_FABRICATED, "orders/p/k/9", twoSent().handled(id(1), id(2), id(9)), promises());
        Story torn = twoSent().handled(id(1), id(2)).add(Story.CONSUMER, new Event.Spoiled("c", "TORN"));
        assertBreaks(Rule.A2_FABRICATED, "TORN", torn, promises());
    }

    @Test
    void aRejectedMessageMustNotBeSeenAnUnknownOneMay() {
        Story rejected = twoSent().intent(id(3)).rejected(id(3)).handled(id(1), id(2));
        assertGood(rejected, promises());
        assertBreaks(Rule.A3_RESOLVED, "every send of them was rejected", rejected.handled(id(3)), promises());
        Story unknown = twoSent().intent(id(3)).unknown(id(3)).handled(id(1), id(2));
        assertGood(unknown, promises());
        assertGood(unknown.handled(id(3)), promises());
    }

    @Test
    void aRejectedMessageSentAgainMayBeSeen() {
        Story story = new Story().intent(id(1)).rejected(id(1)).sent(id(1)).handled(id(1));
        assertGood(story, promises());
    }

    @Test
    void aSendWithoutOutcomeIsAllowedToAKilledProcessOnly() {
        Story story = twoSent().intent(id(3)).handled(id(1), id(2));
        assertBreaks(Rule.A3_RESOLVED, "no outcome: orders/p/k/3", story, promises());
        assertGood(story, promises().killed("producer"));
    }

    @Test
    void aSendWithTwoOutcomesIsTold() {
        Story story = twoSent().unknown(id(2)).handled(id(1), id(2));
        assertBreaks(Rule.A3_RESOLVED, "more outcomes than sends", story, promises());
    }

    @Test
    void finishingInAnotherOrderBreaksTheOrderOfTheKeyAcrossMembers() {
        Story story = twoSent().handledBy("c1", id(2)).handledBy("c2", id(1));
        assertBreaks(Rule.A4_ORDER, "orders/p/k/2 before orders/p/k/1", story, promises());
        assertGood(story, promises().order(Order.NONE));
    }

    @Test
    void keysAreIndependentPartitionsAreNot() {
        Story story = new Story().sent(id("a", 1), id("b", 1)).handled(id("b", 1), id("a", 1));
        assertGood(story, promises());
        assertThat(Checker.check(
                        story.history(), promises().order(Order.PARTITION).build()))
                .extracting(Violation::rule)
                .containsOnly(Rule.A4_ORDER);
    }

    @Test
    void aMessageMustNotStartBeforeItsForerunnerIsFinished() {
        Story overlapping = twoSent().start(id(1)).start(id(2)).ok(id(1)).ok(id(2));
        assertBreaks(Rule.A4_ORDER, "orders/p/k/2 before orders/p/k/1 in c", overlapping, promises());
        Story skipping =
                twoSent().failed(id(1), 1).start(id(2)).deadLettered(id(1)).ok(id(2));
        assertBreaks(
                Rule.A4_ORDER,
                "before an earlier one was finished",
                skipping,
                promises().poison(List.of(id(1)), DeadLetterEvidence.AT_CONFIRM));
    }

    @Test
    void redeliveredMessagesMustNotRunBesideEachOtherEither() {
        Story story =
                twoSent().handled(id(1), id(2)).fault("kill").healed("kill").changed(Change.LOST, "c");
        story.start(id(1)).start(id(2)).ok(id(1)).ok(id(2));
        assertBreaks(
                Rule.A4_ORDER,
                "orders/p/k/2 before orders/p/k/1 in c",
                story,
                promises().duplicatesPer("kill", 2));
    }

    @Test
    void aMessageSentAgainMayComeLate() {
        Story story = new Story().intent(id(1)).rejected(id(1)).sent(id(2)).sent(id(1));
        assertGood(story.handled(id(2), id(1)), promises());
    }

    @Test
    void aRetryBeforeTheNextMessageKeepsTheOrder() {
        assertGood(twoSent().failed(id(1), 1).handled(id(1), id(2)), promises());
    }

    @Test
    void aMemberStepsBackOnlyAfterADisruptionOfItsOwn() {
        Story story = twoSent().handled(id(1), id(2)).fault("kill").healed("kill");
        ExpectationsBuilder expected = promises().duplicatesPer("kill", 2);
        assertGood(
                new Story()
                        .sent(id(1))
                        .handled(id(1))
                        .fault("kill")
                        .healed("kill")
                        .handled(id(1)),
                expected);
        assertGood(steppingBack("c"), expected);
        assertBreaks(Rule.A4_ORDER, "orders/p/k/1 in c", steppingBack("other"), expected);
        assertBreaks(Rule.A4_ORDER, "orders/p/k/1 in c", story.handled(id(1), id(2)), expected);
    }

    private static Story steppingBack(String disrupted) {
        Story story = twoSent().handled(id(1), id(2)).fault("kill").healed("kill");
        return story.changed(Change.REVOKE, disrupted).handled(id(1), id(2));
    }

    @Test
    void aDuplicateWithoutDisruptionIsOneTooMany() {
        assertBreaks(Rule.A5_DUPLICATES, "1 of 1 duplicates", twoSent().handled(id(1), id(1), id(2)), promises());
    }

    @Test
    void aCleanRestartMayNotDuplicateEither() {
        Story story = twoSent().handled(id(1), id(2)).add("consumer#1", Event.Handling.start(id(1), 1, "c", 1));
        assertBreaks(Rule.A5_DUPLICATES, "0 disruptions", story, promises());
    }

    @Test
    void duplicatesUpToTheBoundPassAndOneMoreDoesNot() {
        ExpectationsBuilder expected = promises().duplicatesPer("kill", 2);
        assertGood(repeated(2, 1), expected);
        assertBreaks(Rule.A5_DUPLICATES, "1 of 3 duplicates", repeated(3, 1), expected);
        assertGood(repeated(4, 2), expected);
        assertBreaks(Rule.A5_DUPLICATES, "1 of 5 duplicates", repeated(5, 2), expected);
    }

    private static Story repeated(int duplicates, int kills) {
        MessageId[] ids = {id(1), id(2), id(3), id(4), id(5)};
        Story story = new Story().sent(ids).handled(ids);
        for (int i = 0; i < kills; i++) {
            story.fault("kill").healed("kill");
        }
        return story.changed(Change.LOST, "c").handled(Arrays.copyOf(ids, duplicates));
    }

    @Test
    void aDisruptionPaysUntilItHasSettled() {
        ExpectationsBuilder expected = promises().duplicatesPer("kill", 2).settle(Duration.ofSeconds(5));
        assertGood(finishedAfterHeal(Duration.ofSeconds(5)), expected);
        Story late = finishedAfterHeal(Duration.ofMillis(5_001));
        assertBreaks(Rule.A5_DUPLICATES, "1 of 1 duplicates", late, expected);
    }

    private static Story finishedAfterHeal(Duration time) {
        Story story = new Story().sent(id(1)).fault("kill").healed("kill");
        return story.later(time.minusMillis(1)).handled(id(1), id(1));
    }

    @Test
    void aDisruptionDoesNotPayForWhatWasSeenBeforeIt() {
        Story story =
                new Story().sent(id(1)).handled(id(1), id(1)).fault("kill").healed("kill");
        assertBreaks(Rule.A5_DUPLICATES, "1 of 1 duplicates", story, promises().duplicatesPer("kill", 2));
    }

    @Test
    void aSendEndedUnknownPaysForADuplicateOfItsOwnMessage() {
        Story story =
                new Story().sent(id(1)).intent(id(2)).unknown(id(2)).sent(id(2)).handled(id(1), id(2), id(2));
        assertGood(story, promises());
        assertBreaks(Rule.A5_DUPLICATES, "orders/p/k/2", story.handled(id(2)), promises());
    }

    @Test
    void theRetriesOfOneDuplicateCountOnce() {
        Story story = new Story().sent(id(1)).handled(id(1)).fault("kill").healed("kill");
        story.changed(Change.LOST, "c").failed(id(1), 1).failed(id(1), 2).handled(id(1));
        assertGood(story, promises().duplicatesPer("kill", 1));
    }

    @Test
    void twoMembersFinishingOneMessageMakeADuplicate() {
        Story story = new Story().sent(id(1)).start(id(1)).step(HandlerStep.START, "d", id(1), 1);
        story.ok(id(1)).step(HandlerStep.OK, "d", id(1), 1);
        assertBreaks(Rule.A5_DUPLICATES, "1 of 1 duplicates", story, promises());
    }

    @Test
    void aCommitMustNotPassUnfinishedWork() {
        Story safe = twoSent().handled(id(1)).committed(1).handled(id(2)).committed(2);
        assertGood(safe, promises());
        Story ahead = twoSent().handled(id(1)).committed(2).handled(id(2));
        assertBreaks(Rule.A6_COMMIT_SAFETY, "committed 2, lowest unfinished 1 (orders/p/k/2)", ahead, promises());
    }

    @Test
    void aCommitMustNotGoBackWithoutAReset() {
        Story back = twoSent().handled(id(1), id(2)).committed(2).committed(1);
        assertBreaks(Rule.A6_COMMIT_SAFETY, "g orders-0 from 2 to 1", back, promises());
        String reset = Event.Fault.OFFSET_RESET;
        assertGood(
                twoSent()
                        .handled(id(1), id(2))
                        .committed(2)
                        .fault(reset)
                        .healed(reset)
                        .committed(1),
                promises());
    }
}
