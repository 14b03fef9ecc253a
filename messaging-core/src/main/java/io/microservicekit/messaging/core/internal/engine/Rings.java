package io.microservicekit.messaging.core.internal.engine;

/** Arrays that are rings, of a length that is a power of two: an element with the number n stands at n modulo the length. */
final class Rings {
    private Rings() {}

    /**
     * Copies a full ring into one of twice its length.
     *
     * @param length of the full one
     * @param number of its first element
     */
    @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of one type: the type parameter says so
    static <T> T grown(T from, T to, int length, long number) {
        int slot = (int) number & (length - 1);
        int target = (int) number & (2 * length - 1);
        System.arraycopy(from, slot, to, target, length - slot);
        System.arraycopy(from, 0, to, (target + length - slot) & (2 * length - 1), slot);
        return to;
    }
}
