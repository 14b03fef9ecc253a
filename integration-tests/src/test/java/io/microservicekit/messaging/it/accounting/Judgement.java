package io.microservicekit.messaging.it.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What a hand-made history is found to be. */
final class Judgement {
    private Judgement() {}

    static ExpectationsBuilder promises() {
        return Expectations.builder().order(Order.KEY);
    }

    static void assertGood(Story story, ExpectationsBuilder expected) {
        assertThat(Checker.check(story.history(), expected.build())).isEmpty();
    }

    /** The history breaks this rule, once, and no other. */
    static void assertBreaks(Rule rule, String text, Story story, ExpectationsBuilder expected) {
        List<Violation> violations = Checker.check(story.history(), expected.build());
        assertThat(violations).extracting(Violation::rule).containsExactly(rule);
        assertThat(violations.get(0).text()).contains(text);
    }
}
