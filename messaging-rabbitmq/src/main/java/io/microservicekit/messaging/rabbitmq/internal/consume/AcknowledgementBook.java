package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The unacknowledged deliveries of one channel, and which of them are finished. The broker closes a channel on which a tag is acknowledged that it
 * does not know, so each is taken out of the book once; and {@code multiple} reaches no higher than a delivery below which all are finished.
 */
final class AcknowledgementBook {
    private final TreeMap<Long, Credit> open = new TreeMap<>();
    private final TreeSet<Long> due = new TreeSet<>();
    private long passed;
    private long reported;

    /** A delivery came, by the credit of a consumer. */
    void delivered(long tag, Credit credit) {
        open.put(tag, credit);
        credit.delivered();
    }

    /** The engine has finished deliveries; what is not in the book is passed over. */
    void finished(long upTo, long[] alsoThese) {
        passed = Math.max(passed, upTo);
        due.addAll(open.headMap(upTo, true).keySet());
        for (long tag : alsoThese) {
            if (open.containsKey(tag)) {
                due.add(tag);
            }
        }
    }

    /** Takes out what is finished. */
    List<Acknowledgement> take() {
        List<Acknowledgement> acknowledgements = new ArrayList<>();
        Acknowledgement lowest = takeLowest();
        if (lowest != null) {
            acknowledgements.add(lowest);
        }
        for (long tag : due) {
            settle(tag, open.remove(tag));
            acknowledgements.add(new Acknowledgement(tag, false));
        }
        due.clear();
        return acknowledgements;
    }

    /** All finished ones below the first unfinished, as one. */
    private @Nullable Acknowledgement takeLowest() {
        long last = 0;
        int count = 0;
        Iterator<Map.Entry<Long, Credit>> lowest = open.entrySet().iterator();
        while (lowest.hasNext()) {
            Map.Entry<Long, Credit> next = lowest.next();
            if (!due.remove(next.getKey())) {
                break;
            }
            last = next.getKey();
            count++;
            settle(last, next.getValue());
            lowest.remove();
        }
        return count == 0 ? null : new Acknowledgement(last, count > 1);
    }

    private static void settle(long tag, @Nullable Credit credit) {
        if (credit != null) {
            credit.settled(tag);
        }
    }

    /** The credit that an unacknowledged delivery uses; null for others. */
    @Nullable Credit credit(long tag) {
        return open.get(tag);
    }

    /** How many are finished and not taken out. */
    int due() {
        return due.size();
    }

    /** How many are unacknowledged, the finished ones among them included. */
    int unacknowledged() {
        return open.size();
    }

    /** Up to where everything is finished and taken out, when that is higher than it was at the last call; else 0. */
    long news() {
        if (passed <= reported || !due.isEmpty()) {
            return 0;
        }
        reported = passed;
        return passed;
    }
}
