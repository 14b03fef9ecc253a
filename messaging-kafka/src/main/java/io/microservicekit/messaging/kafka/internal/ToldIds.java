package io.microservicekit.messaging.kafka.internal;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What brokers told of the id of one topic: the one that counts, and those that it replaced. A broker that lags behind may tell an id that another one
 * has already replaced, also as the second thing that we hear. On the poll thread.
 */
final class ToldIds {
    private static final int BELIEVED_AGAIN = 3;

    private final Set<String> past = new TreeSet<>();
    private @Nullable String present;
    private @Nullable String doubted;
    private int times;

    /** The id that counts, null when none was told. */
    @Nullable String present() {
        return present;
    }

    /**
     * Takes an answer.
     *
     * @param spaced whether it comes of the checks that are as far apart as metadata may be old, so that a broker had the time to catch up
     */
    void told(String id, boolean spaced) {
        // An id that is heard for the first time counts at once. To wait until it is told twice would keep a member for
        // as long at an offset of the
        // topic before, and one that leaves meanwhile leaves no trace of the new one where the commits went with the
        // topic: a loss. The price is
        // that an old id heard late counts too, and bans the true one; that makes duplicates, and ends when only the
        // true one is told for a while.
        if (!past.contains(id)) {
            count(id);
        } else if (!id.equals(doubted)) {
            doubted = id;
            times = spaced ? 1 : 0;
        } else if (spaced) {
            times++;
        }
        if (doubted != null && times == BELIEVED_AGAIN) {
            count(doubted);
        }
    }

    private void count(String id) {
        if (present != null && !present.equals(id)) {
            past.add(present);
        }
        past.remove(id);
        present = id;
        doubted = null;
        times = 0;
    }
}
