package io.microservicekit.messaging.rabbitmq.internal.codec;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The AMQP headers that this library writes beside those of a message, and takes off again when it reads. */
public final class LibraryHeaders {
    /** {@code 1} on each message of ours. */
    public static final String MARKER = "x-messaging";
    /** The key. */
    public static final String KEY = "x-message-key";
    /** When it was sent, in milliseconds: AMQP's own timestamp has seconds only. */
    public static final String TIMESTAMP = "x-timestamp";
    /** There when the value is null, which AMQP cannot tell from an empty one. */
    public static final String NULL_VALUE = "x-null-value";
    /** The names of the headers in their order, where it is not that of the names or one is there more than once: AMQP tables keep neither. */
    public static final String NAMES = "x-header-names";
    /** The mark by which a return is recognised. */
    public static final String PUBLISH_MARK = "x-publish-seq";

    private static final List<String> ALL =
            Collections.unmodifiableList(Arrays.asList(MARKER, KEY, TIMESTAMP, NULL_VALUE, NAMES, PUBLISH_MARK));

    private LibraryHeaders() {}

    /** Whether a name is ours, so that no user may send a header of it. */
    public static boolean isOurs(String name) {
        return ALL.contains(name);
    }
}
