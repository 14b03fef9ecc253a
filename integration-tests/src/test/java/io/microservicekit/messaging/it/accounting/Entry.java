package io.microservicekit.messaging.it.accounting;

/**
 * An event with its place in time.
 *
 * @param process the process, as {@code name#incarnation}
 * @param sequence counted from 1 in that incarnation
 * @param micros microseconds since the epoch; never falls inside an incarnation
 * @param event what happened
 */
public record Entry(String process, long sequence, long micros, Event event) {
    /** Returns the process' name without its incarnation. */
    public String processName() {
        return nameOf(process);
    }

    static String nameOf(String process) {
        int mark = process.lastIndexOf('#');
        return mark < 0 ? process : process.substring(0, mark);
    }
}
