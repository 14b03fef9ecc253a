package io.microservicekit.messaging.it.accounting;

/** The rules of the accounting. */
public enum Rule {
    /** Each acknowledged message is handled or dead-lettered. */
    A1_LOST,
    /** Nothing is seen that was not sent, sound and to this topic. */
    A2_FABRICATED,
    /** Each send has exactly one outcome; what was rejected is never seen. */
    A3_RESOLVED,
    /** The promised order holds, in completion and inside each member. */
    A4_ORDER,
    /** Duplicates stay within the bound of the disruptions that explain them. */
    A5_DUPLICATES,
    /** A committed offset never passes an unfinished message and never goes back. */
    A6_COMMIT_SAFETY,
    /** At the end the lag is 0 and the dead letters are exactly the poison. */
    A7_END_STATE,
    /** Outside faults a backlog never stands still for long. */
    A8_LIVENESS,
    /** Work goes on soon after each heal. */
    A9_RECOVERY,
    /** Each close keeps its deadline. */
    A10_SHUTDOWN,
    /** Nothing is left behind. */
    A11_HYGIENE,
    /** Each planned fault fired and bit; otherwise the run proved nothing. */
    A12_NOT_VACUOUS
}
