package io.microservicekit.messaging.it.accounting;

/**
 * A broken rule.
 *
 * @param rule the rule
 * @param text what is wrong, with the count and the first ten messages
 */
public record Violation(Rule rule, String text) {
    @Override
    public String toString() {
        return rule + ": " + text;
    }
}
