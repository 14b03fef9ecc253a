package io.microservicekit.messaging.api.trace;

/**
 * The names of the headers in which {@link TraceContext} travels: those of the Go library's README, byte for byte. All values are UTF-8 text.
 */
public final class TraceHeaders {
    /** The trace; ours are 32 lower-case hexadecimal digits. */
    public static final String TRACE_ID = "x-trace-id";
    /** The span that sent the message; ours are 16 lower-case hexadecimal digits. */
    public static final String SPAN_ID = "x-span-id";
    /** The span that was active when it was sent; absent at the beginning of a trace. */
    public static final String PARENT_SPAN_ID = "x-parent-span-id";
    /** Whether the trace is recorded: {@code 1} or {@code 0}. */
    public static final String SAMPLED = "x-sampled";

    private TraceHeaders() {}
}
