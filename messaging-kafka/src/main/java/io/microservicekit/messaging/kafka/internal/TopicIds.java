package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the subscribed topics as far as is known. A topic that is deleted and made anew keeps its name and gets another id; the driver reads on
 * in it at the old offset as if nothing had happened. Asked before positions are, an id is never newer than what a position belongs to: an id that
 * is too old costs duplicates, one that is too new would cost messages. On the poll thread.
 */
final class TopicIds {
    /** How often a topic is looked for that is not there. */
    static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int GONE = 2;

    private final TopicSource source;
    private final ClientRuntime runtime;
    private final System.Logger logger;
    private final PollCommands commands;
    private final Map<String, ToldIds> told = new TreeMap<>();
    private final Set<String> missed = new TreeSet<>();
    private final Set<String> untold = new TreeSet<>();
    /** How often in a row brokers have said of a topic that it is not there, some seconds apart. */
    private final Map<String, Integer> absent = new TreeMap<>();

    private @Nullable Long nextCheck;
    private long nextLook;
    private boolean underWay;
    private long changes;

    TopicIds(TopicSource source, ClientRuntime runtime, System.Logger logger, PollCommands commands) {
        this.source = source;
        this.runtime = runtime;
        this.logger = logger;
        this.commands = commands;
    }

    /** The id of a topic, null when the broker does not tell one. */
    @Nullable String of(String topic) {
        ToldIds ids = told.get(topic);
        return ids == null ? null : ids.present();
    }

    /** How often another id has begun to count, of any topic. */
    long changes() {
        return changes;
    }

    /** Whether a topic once was not there: whatever is in it now was sent after that. */
    boolean wasMissing(String topic) {
        return missed.contains(topic);
    }

    /** The topics that are not there: a broker that lags behind says so once, and not again some seconds later. */
    List<String> gone() {
        List<String> gone = new ArrayList<>();
        absent.forEach((topic, times) -> {
            if (times >= GONE) {
                gone.add(topic);
            }
        });
        return gone;
    }

    /** Whether something says that a topic with an id is not there any more, which may prove wrong. */
    boolean isDoubtful(String topic, @Nullable String id) {
        return absent.containsKey(topic) || isPast(topic, id);
    }

    /** A broker has told of a topic otherwise than by its id. */
    void isThere(String topic) {
        absent.remove(topic);
    }

    /** Whether there is a later topic of the name than the one with an id. */
    boolean isPast(String topic, @Nullable String id) {
        String known = of(topic);
        return id != null && known != null && !known.equals(id);
    }

    /**
     * Asks now and waits for the answer up to a limit.
     *
     * @throws RetriableException when nobody answered, or a topic does not exist
     */
    void learn(Collection<String> topics, Duration limit) {
        Map<String, CompletableFuture<Uuid>> asked = ask(topics);
        CompletableFuture<Void> all = runtime.future();
        var unused = all(asked).whenComplete((none, error) -> all.complete(null));
        runtime.awaitDrain(all, limit);
        RetriableException failure = null;
        for (Map.Entry<String, CompletableFuture<Uuid>> each : asked.entrySet()) {
            RetriableException own = take(each.getKey(), each.getValue(), false);
            failure = own == null ? failure : own;
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Asks when the last answers are old, and sooner for what is not there; the next ones come as a command. */
    void refreshIfDue(long now, Collection<String> topics) {
        if (underWay) {
            return;
        }
        if (nextCheck == null || now - nextCheck >= 0) {
            nextCheck = now + Nanos.of(source.age());
            refresh(now, topics, true);
        } else if (!absent.isEmpty() && now - nextLook >= 0) {
            refresh(now, new ArrayList<>(absent.keySet()), false);
        }
    }

    private void refresh(long now, Collection<String> topics, boolean spaced) {
        nextLook = now + LOOK_NANOS;
        underWay = true;
        Map<String, CompletableFuture<Uuid>> asked = ask(topics);
        var unused = all(asked)
                .whenComplete((none, error) -> commands.add(() -> {
                    underWay = false;
                    asked.forEach((topic, answer) -> check(topic, answer, spaced));
                }));
    }

    private Map<String, CompletableFuture<Uuid>> ask(Collection<String> topics) {
        try {
            return source.asking().apply(topics);
        } catch (RuntimeException e) {
            // An admin client that is closed says so here.
            Map<String, CompletableFuture<Uuid>> failed = new LinkedHashMap<>();
            topics.forEach(topic -> failed.put(topic, CompletableFuture.failedFuture(e)));
            return failed;
        }
    }

    private static CompletableFuture<Void> all(Map<String, CompletableFuture<Uuid>> asked) {
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new));
    }

    private void check(String topic, CompletableFuture<Uuid> answer, boolean spaced) {
        if (take(topic, answer, spaced) instanceof UnknownTopicOrPartitionException) {
            absent.merge(topic, 1, Integer::sum);
        }
    }

    /** Takes an answer; what is worth asking again is returned. */
    private @Nullable RetriableException take(String topic, CompletableFuture<Uuid> answer, boolean spaced) {
        RetriableException[] failure = new RetriableException[1];
        if (!answer.isDone()) {
            return new TimeoutException("No broker told the id of topic '" + topic + "' in time");
        }
        var unused = answer.whenComplete((id, error) -> {
            if (error == null) {
                take(topic, id, spaced);
            } else {
                failure[0] = failed(topic, error instanceof CompletionException ? error.getCause() : error);
            }
        });
        return failure[0];
    }

    private void take(String topic, Uuid id, boolean spaced) {
        absent.remove(topic);
        if (id.equals(Uuid.ZERO_UUID)) {
            noteUntold(topic, "it keeps none (a broker before 2.8)");
            return;
        }
        ToldIds ids = told.computeIfAbsent(topic, none -> new ToldIds());
        String before = ids.present();
        ids.told(id.toString(), spaced);
        if (!Objects.equals(before, ids.present())) {
            changes++;
        }
    }

    private @Nullable RetriableException failed(String topic, @Nullable Throwable error) {
        if (error instanceof UnknownTopicOrPartitionException) {
            missed.add(topic);
        }
        if (error instanceof RetriableException again) {
            return again;
        }
        noteUntold(topic, String.valueOf(error));
        return null;
    }

    private void noteUntold(String topic, String reason) {
        if (untold.add(topic)) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "The broker does not tell the id of topic '" + topic + "': " + reason
                            + ". Should the topic be deleted and made anew, its first messages may be skipped.");
        }
    }
}
