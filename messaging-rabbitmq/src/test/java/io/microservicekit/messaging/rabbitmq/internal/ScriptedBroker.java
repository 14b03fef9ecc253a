package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Connector;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A broker behind the link, in simulated time. What becomes of a message its topic says: one that begins with {@code ok} is stored, {@code nobody}
 * returned, {@code full} refused, {@code silent} stored and never answered, {@code unencodable} counted by the driver and not written,
 * {@code missing} ends the channel with 404.
 */
final class ScriptedBroker implements Connector {
    final List<String> stored = new ArrayList<>();
    /** The names of those of what is stored. */
    final List<String> headers = new ArrayList<>();

    final Map<String, Integer> reached = new LinkedHashMap<>();
    final Queue<Closure> refusals = new ArrayDeque<>();
    int attempts;
    boolean connectorClosed;
    boolean answering = true;
    /** What was asked on channels that are not for publishing. */
    final List<String> asked = new ArrayList<>();
    /** What those questions are refused with, one after the other. */
    final Queue<Closure> refusedQuestions = new ArrayDeque<>();

    /** What each further question that is just this is refused with. */
    final Map<String, Closure> refusedEach = new LinkedHashMap<>();
    /** Questions without an answer, which the driver gives up in the end. */
    final List<String> silentQuestions = new ArrayList<>();

    Duration rpcTimeout = Duration.ofSeconds(10);
    /** How long the answer to a question takes. */
    Duration latency = Duration.ofMillis(1);
    /** How many consumers a queue has, it says. */
    int consumers = 1;

    /** So many attempts cannot even begin. */
    int withoutThread;

    /** So many channels for publishing cannot even be asked for. */
    int withoutChannel;

    /** How many of them were asked for. */
    int channelsAsked;

    /** So many channels cannot even be told to close. */
    int withoutClose;

    /** Questions that cannot even be asked, each once. */
    final List<String> unaskable = new ArrayList<>();

    @Nullable Connection present;

    final ClientRuntime runtime;
    final Loop loop;
    final SplittableRandom random;

    ScriptedBroker(ClientRuntime runtime, Loop loop) {
        this.runtime = runtime;
        this.loop = loop;
        this.random = runtime.random("scripted-broker");
    }

    /** Further attempts to connect are refused, one for each. */
    void refuse(Closure closure, int times) {
        for (int i = 0; i < times; i++) {
            refusals.add(closure);
        }
    }

    void checkMemoryForClose() {
        if (withoutClose > 0) {
            withoutClose--;
            throw new InternalError("lack of memory");
        }
    }

    void checkMemoryFor(String question) {
        if (unaskable.remove(question)) {
            throw new InternalError("lack of memory");
        }
    }

    void mark(String situation) {
        reached.merge(situation, 1, Integer::sum);
    }

    @Override
    public CompletableFuture<BrokerConnection> connect(String name, ConnectionEvents events) {
        attempts++;
        if (withoutThread > 0) {
            withoutThread--;
            throw new InternalError("unable to create native thread");
        }
        CompletableFuture<BrokerConnection> answer = runtime.future();
        var unused = loop.schedule(Duration.ofMillis(random.nextInt(5)), () -> {
            Closure refusal = refusals.poll();
            if (refusal != null || connectorClosed) {
                Closure closed = refusal == null ? cut("no further attempt") : refusal;
                answer.completeExceptionally(new RefusedException(closed));
                return;
            }
            Connection connection = new Connection(events);
            present = connection;
            answer.complete(connection);
        });
        return answer;
    }

    @Override
    public void close() {
        connectorClosed = true;
    }

    static Closure cut(String text) {
        return new Closure(Closure.Kind.NETWORK, 0, text, true, null);
    }

    static Closure brokerSays(int code, String text) {
        return new Closure(Closure.Kind.BROKER, code, text, true, null);
    }

    /** One connection to it. */
    final class Connection implements BrokerConnection {
        private final ConnectionEvents events;
        private final List<ScriptedPublishing> channels = new ArrayList<>();
        private final List<ScriptedQuestions> questions = new ArrayList<>();
        private boolean open = true;
        int frameMax = 131_072;
        boolean neverCloses;
        /** How many channels for questions there are threads for before there is none for one; negative for no such lack. */
        int lackingAfter = -1;
        /** What came on it, as far as a test says so. */
        long heard;

        private Connection(ConnectionEvents events) {
            this.events = events;
        }

        /** It is gone: its channels are told first. */
        void end(Closure closure) {
            if (!open) {
                return;
            }
            open = false;
            if (present == this) {
                present = null;
            }
            channels.forEach(channel -> channel.end(closure));
            questions.forEach(channel -> channel.end(closure));
            loop.execute(() -> events.closed(closure));
        }

        /** Each consumer gets a message. */
        void deliver() {
            questions.forEach(ScriptedQuestions::deliver);
        }

        /** The driver gives up those channels on which it is asked. */
        void endQuestions(Closure closure) {
            List<ScriptedQuestions> ended = new ArrayList<>(questions);
            questions.clear();
            ended.forEach(channel -> channel.end(closure));
        }

        void block(boolean blocked) {
            channels.forEach(channel -> channel.block(blocked));
            loop.execute(blocked ? () -> events.blocked("low on memory") : events::unblocked);
        }

        @Override
        public CompletableFuture<ConsumingChannel> consumingChannel(ChannelEvents events) {
            if (lackingAfter-- == 0) {
                throw new InternalError("unable to create native thread");
            }
            CompletableFuture<ConsumingChannel> answer = runtime.future();
            loop.execute(() -> {
                ScriptedQuestions channel = new ScriptedQuestions(ScriptedBroker.this, events);
                questions.add(channel);
                channel.ask("channel", answer, channel);
            });
            return answer;
        }

        @Override
        public CompletableFuture<PublishingChannel> publishingChannel(boolean confirms, PublishingEvents events) {
            channelsAsked++;
            if (withoutChannel > 0) {
                withoutChannel--;
                throw new InternalError("unable to create native thread");
            }
            CompletableFuture<PublishingChannel> answer = runtime.future();
            var unused = loop.schedule(Duration.ofMillis(random.nextInt(3)), () -> {
                if (open) {
                    ScriptedPublishing channel = new ScriptedPublishing(ScriptedBroker.this, confirms, events);
                    channels.add(channel);
                    answer.complete(channel);
                } else {
                    answer.completeExceptionally(new RefusedException(cut("gone")));
                }
            });
            return answer;
        }

        List<ScriptedPublishing> channels() {
            return channels;
        }

        @Override
        public String serverVersion() {
            return "3.10.8";
        }

        @Override
        public long heard() {
            return heard;
        }

        @Override
        public int frameMax() {
            return frameMax;
        }

        @Override
        public CompletableFuture<Void> close(Duration limit) {
            CompletableFuture<Void> answer = runtime.future();
            Duration wait = neverCloses ? limit : Duration.ofMillis(1);
            var unused = loop.housekeeping(wait.compareTo(limit) < 0 ? wait : limit, () -> {
                end(new Closure(Closure.Kind.OURSELVES, 0, "closed by the client", true, null));
                answer.complete(null);
            });
            return answer;
        }
    }
}
