package io.microservicekit.messaging.api.trace;

import io.microservicekit.messaging.api.message.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a message stands in a trace, as it travels in {@link TraceHeaders}. Immutable.
 *
 * <p>Ids are opaque text: what other libraries wrote is carried on as it is. An id has 1 to 128 characters, not all of them zeros or blanks; control
 * characters in it are kept as {@code \}{@code u0000}, so that it can be written to a log.
 *
 * @param traceId the trace, the same in all messages that belong together
 * @param spanId the step in it that this context was made for
 * @param parentSpanId the step before it, null at the beginning of a trace
 * @param sampled whether the trace is recorded
 */
public record TraceContext(
        String traceId, String spanId, @Nullable String parentSpanId, boolean sampled) {
    private static final int MAX_ID = 128;

    /**
     * Checks the ids.
     *
     * @param traceId see the component
     * @param spanId see the component
     * @param parentSpanId see the component
     * @param sampled see the component
     * @throws IllegalArgumentException when an id is too long, blank or all zeros
     */
    public TraceContext {
        traceId = checked("traceId", Objects.requireNonNull(traceId, "traceId"));
        spanId = checked("spanId", Objects.requireNonNull(spanId, "spanId"));
        parentSpanId = parentSpanId == null ? null : checked("parentSpanId", parentSpanId);
    }

    private static String checked(String name, String id) {
        String shown = valid(id);
        if (shown == null) {
            throw new IllegalArgumentException(name + " of " + id.length() + " characters is no id: it must have 1 to "
                    + MAX_ID + ", not all of them zeros or blanks");
        }
        return shown;
    }

    /**
     * Reads the context that a message brought along.
     *
     * @param headers the headers of the message
     * @return the context; null when there is none, or when its trace or span id is no id: then a new trace has to begin, as W3C Trace Context
     *     rules. Sampled unless {@code x-sampled} says {@code 0} or {@code false} in any case
     */
    public static @Nullable TraceContext from(Headers headers) {
        Objects.requireNonNull(headers, "headers");
        String traceId = id(headers, TraceHeaders.TRACE_ID);
        String spanId = id(headers, TraceHeaders.SPAN_ID);
        return traceId == null || spanId == null
                ? null
                : new TraceContext(traceId, spanId, id(headers, TraceHeaders.PARENT_SPAN_ID), sampled(headers));
    }

    /**
     * Writes this context, replacing any that is there.
     *
     * @param carrier the headers to write to
     */
    public void writeTo(Headers.Builder carrier) {
        Objects.requireNonNull(carrier, "carrier");
        carrier.set(TraceHeaders.TRACE_ID, traceId).set(TraceHeaders.SPAN_ID, spanId);
        carrier.remove(TraceHeaders.PARENT_SPAN_ID);
        if (parentSpanId != null) {
            carrier.add(TraceHeaders.PARENT_SPAN_ID, parentSpanId);
        }
        carrier.set(TraceHeaders.SAMPLED, sampled ? "1" : "0");
    }

    private static boolean sampled(Headers headers) {
        String text = text(headers, TraceHeaders.SAMPLED);
        return text == null || !(text.strip().equals("0") || text.strip().equalsIgnoreCase("false"));
    }

    private static @Nullable String id(Headers headers, String name) {
        String text = text(headers, name);
        return text == null ? null : valid(text);
    }

    /** Not {@link Headers#text}: a header of others that is no text must not keep a message from being handled. */
    private static @Nullable String text(Headers headers, String name) {
        byte[] bytes = headers.bytes(name);
        if (bytes == null || bytes.length > 4 * MAX_ID) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The id fit to be shown and written; null when it is none. */
    private static @Nullable String valid(String id) {
        if (id.isBlank() || id.length() > MAX_ID || id.chars().allMatch(c -> c == '0')) {
            return null;
        }
        String shown = escaped(id);
        return shown.length() > MAX_ID ? null : shown;
    }

    private static String escaped(String id) {
        if (id.chars().noneMatch(Character::isISOControl)) {
            return id;
        }
        StringBuilder shown = new StringBuilder();
        id.chars().forEach(c -> shown.append(Character.isISOControl(c) ? String.format("\\u%04x", c) : (char) c + ""));
        return shown.toString();
    }
}
