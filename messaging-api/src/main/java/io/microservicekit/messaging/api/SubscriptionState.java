package io.microservicekit.messaging.api;

/** What a subscription is doing. */
public enum SubscriptionState {
    /** It has not been ready yet; the reasons say what it waits for: missing topics, joining the group, pinning positions. */
    STARTING,
    /** It is ready and nothing keeps it from working. */
    RUNNING,
    /** It was paused by its user. */
    PAUSED,
    /** It works, but some messages cannot go on: blocked by policy, waiting for a dead letter, a handler that hangs, a bound that is reached. */
    DEGRADED,
    /** It was ready and takes no part at present: it is not a member of the group, or its commits fail. It goes on trying. */
    RECOVERING,
    /** Its event loop does not answer, or its driver hangs for longer than a call may take: it handles nothing any more. */
    UNRESPONSIVE,
    /** It has failed and stops or has stopped; its {@link Subscription#completion()} carries the cause. */
    FAILED,
    /** It is being closed. */
    CLOSING,
    /** It was closed. */
    CLOSED
}
