package io.microservicekit.messaging.kafka.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metadata beside each committed offset (ADR-0006).
 *
 * @param count how many partitions the topic had when the group was pinned; none when the topic was made anew after that, so that all its partitions
 *     were born later
 * @param topicId the id of the topic that the offset belongs to, null when it is not known
 */
record PinMetadata(int count, @Nullable String topicId) {
    /** What later versions append is ignored, as earlier versions ignore the id. */
    private static final Pattern FORMAT =
            Pattern.compile("v1;n=(0|[1-9][0-9]{0,8})(?:;t=([A-Za-z0-9_-]{22}))?(?:;.*)?", Pattern.DOTALL);

    String write() {
        return "v1;n=" + count + (topicId == null ? "" : ";t=" + topicId);
    }

    /** What metadata tell, null when another client wrote them. */
    static @Nullable PinMetadata read(@Nullable String metadata) {
        if (metadata == null) {
            return null;
        }
        Matcher matcher = FORMAT.matcher(metadata);
        return matcher.matches() ? new PinMetadata(Integer.parseInt(matcher.group(1)), matcher.group(2)) : null;
    }
}
