package io.microservicekit.messaging.api;

/** What building a client does about the brokers. */
public enum Startup {
    /** Waits until a broker answers, at most for the connect timeout; fails when none does. */
    FAIL_FAST,
    /**
     * Returns at once and goes on trying: sends fail by their own timeout until a broker answers, subscriptions become ready then. What only a broker
     * can tell (its abilities, whether it takes our credentials) is checked then, too.
     */
    WAIT
}
