package io.microservicekit.messaging.kafka.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metadata beside each committed offset: how many partitions the topic had when the group was pinned; none when the topic was made anew after
 * that, so that all its partitions were born later.
 */
final class PinMetadata {
    private static final Pattern FORMAT = Pattern.compile("v1;n=(0|[1-9][0-9]{0,8})(?:;.*)?", Pattern.DOTALL);

    private PinMetadata() {}

    static String write(int partitionCount) {
        return "v1;n=" + partitionCount;
    }

    /** The partition count, null when another client wrote the metadata. */
    static @Nullable Integer read(@Nullable String metadata) {
        if (metadata == null) {
            return null;
        }
        Matcher matcher = FORMAT.matcher(metadata);
        return matcher.matches() ? Integer.valueOf(matcher.group(1)) : null;
    }
}
