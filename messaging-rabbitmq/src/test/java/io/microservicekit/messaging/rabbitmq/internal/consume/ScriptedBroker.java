package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One queue of a broker behind the link, and the connection to it, as RabbitMQ does it. Confined to the simulated world's driving thread. */
final class ScriptedBroker implements SharedConnection {
    final SimulatedRuntime runtime;
    final Loop client;
    final Loop network;
    final List<String> violations = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    final List<Closure> troubles = new ArrayList<>();
    final Set<Long> acknowledged = new LinkedHashSet<>();
    int stable;
    /** Asked of each acknowledged message and the consumer that it was sent to. */
    BiConsumer<Long, String> audit = (number, consumerTag) -> {};
    /** The most that was unacknowledged on one channel. */
    int most;

    private final TreeMap<Long, Item> ready = new TreeMap<>();
    private final List<ScriptedChannel> channels = new ArrayList<>();
    private final Map<String, Deque<Closure>> refusals = new LinkedHashMap<>();
    private final Set<ConnectionUser> users = new LinkedHashSet<>();
    private @Nullable ScriptedConnection connection;
    private @Nullable Duration consumerTimeout;
    private long accepted;
    private boolean silent;
    private boolean lacking;
    private boolean lackingForSession;
    private @Nullable String unaskable;

    ScriptedBroker(SimulatedRuntime runtime) {
        this.runtime = runtime;
        this.client = runtime.loop("connection");
        this.network = runtime.loop("network");
        this.connection = new ScriptedConnection(this);
    }

    /** A message in the queue, by its place in it. */
    static final class Item {
        final long number;
        final Message message;
        boolean redelivered;

        Item(long number, Message message) {
            this.number = number;
            this.message = message;
        }
    }

    // What the test does to it.

    void publish(int messages) {
        publish(messages, "orders");
    }

    void publish(int messages, String topic) {
        for (int i = 0; i < messages; i++) {
            accept(Message.builder(topic));
        }
        network.execute(this::pump);
    }

    /** The keys take turns. */
    void publishKeyed(int messages, int keys) {
        for (int i = 0; i < messages; i++) {
            accept(Message.builder("orders").keyText("key-" + accepted % keys));
        }
        network.execute(this::pump);
    }

    private void accept(Message.Builder message) {
        long number = ++accepted;
        ready.put(
                number,
                new Item(number, message.valueText(String.valueOf(number)).build()));
    }

    /** The next questions that begin so are refused, one after the other. */
    void refuse(String question, Closure closure) {
        refusals.computeIfAbsent(question, key -> new ArrayDeque<>()).add(closure);
    }

    @Nullable Closure refusal(String question) {
        for (Map.Entry<String, Deque<Closure>> entry : refusals.entrySet()) {
            if (question.startsWith(entry.getKey()) && !entry.getValue().isEmpty()) {
                return entry.getValue().poll();
            }
        }
        return null;
    }

    /** Answers nothing any more. */
    void fallSilent() {
        silent = true;
    }

    /** Answers what is asked from now on. */
    void answerAgain() {
        silent = false;
    }

    /** For the next channel there is no thread. */
    void lackThread() {
        lacking = true;
    }

    void checkThread() {
        boolean lacked = lacking;
        lacking = false;
        if (lacked) {
            throw new OutOfMemoryError("no thread");
        }
    }

    /** For the session of the next channel there is no memory. */
    void lackSession() {
        lackingForSession = true;
    }

    /** For the next question that begins so there is no memory. */
    void lackQuestion(String question) {
        unaskable = question;
    }

    void checkMemoryFor(String question) {
        if (unaskable != null && question.startsWith(unaskable)) {
            unaskable = null;
            throw new InternalError("lack of memory");
        }
    }

    boolean isSilent() {
        return silent;
    }

    void consumerTimeout(Duration timeout) {
        consumerTimeout = timeout;
    }

    /** The network is cut, and there again after a while. */
    void cut(Duration away) {
        loseConnection(new Closure(Closure.Kind.NETWORK, 0, "Connection reset", true, null), away);
    }

    void loseConnection(Closure closure, Duration away) {
        ScriptedConnection lost = connection;
        if (lost == null) {
            return;
        }
        connection = null;
        new ArrayList<>(channels).forEach(channel -> channel.end(closure));
        client.execute(() -> new ArrayList<>(users).forEach(user -> user.disconnected(closure)));
        network.schedule(away, () -> {
            connection = new ScriptedConnection(this);
            client.execute(() -> new ArrayList<>(users).forEach(this::tellConnected));
        });
    }

    private void tellConnected(ConnectionUser user) {
        ScriptedConnection open = connection;
        if (open != null && users.contains(user)) {
            user.connected(open);
        }
    }

    void failUsers(MessagingException cause) {
        client.execute(() -> new ArrayList<>(users).forEach(user -> user.failed(cause)));
    }

    void closeChannels(int code, String text) {
        closeChannels(new Closure(Closure.Kind.BROKER, code, text, false, null));
    }

    void closeChannels(Closure closure) {
        new ArrayList<>(channels).forEach(channel -> channel.end(closure));
    }

    /** Ends all consumers by itself: their queue has moved. */
    void cancelConsumers() {
        new ArrayList<>(channels).forEach(ScriptedChannel::cancelAll);
    }

    // What it shows.

    int ready() {
        return ready.size();
    }

    int unacknowledged() {
        return channels.stream().mapToInt(ScriptedChannel::unacknowledged).sum();
    }

    int consumers() {
        return channels.stream().mapToInt(ScriptedChannel::consumers).sum();
    }

    /** How much its consumers may have unacknowledged. */
    int credit() {
        return channels.stream().mapToInt(ScriptedChannel::credit).sum();
    }

    int openChannels() {
        return channels.size();
    }

    int users() {
        return users.size();
    }

    long accepted() {
        return accepted;
    }

    // For its channels.

    void opened(ScriptedChannel channel) {
        channels.add(channel);
    }

    boolean isUp(ScriptedConnection asking) {
        return asking == connection;
    }

    void gone(ScriptedChannel channel, Iterable<Item> back) {
        channels.remove(channel);
        for (Item item : back) {
            item.redelivered = true;
            ready.put(item.number, item);
        }
        network.execute(this::pump);
    }

    void settled(Item item, String consumerTag) {
        acknowledged.add(item.number);
        audit.accept(item.number, consumerTag);
        network.execute(this::pump);
    }

    void pump() {
        for (boolean sent = true; sent; ) {
            sent = false;
            for (ScriptedChannel channel : new ArrayList<>(channels)) {
                if (!ready.isEmpty() && channel.hasRoom()) {
                    channel.send(ready.pollFirstEntry().getValue());
                    sent = true;
                }
            }
        }
        watchTimeout();
    }

    private void watchTimeout() {
        Duration limit = consumerTimeout;
        if (limit == null) {
            return;
        }
        for (ScriptedChannel channel : new ArrayList<>(channels)) {
            network.housekeeping(limit.plusMillis(1), () -> channel.expire(limit));
        }
    }

    // The connection that is kept up.

    @Override
    public Loop loop() {
        if (lackingForSession && !channels.isEmpty()) {
            lackingForSession = false;
            throw new InternalError("lack of memory");
        }
        return client;
    }

    @Override
    public void join(ConnectionUser user) {
        users.add(user);
        tellConnected(user);
    }

    @Override
    public void leave(ConnectionUser user) {
        users.remove(user);
    }

    @Override
    public void troubled(ConnectionUser user, Closure closure) {
        troubles.add(closure);
    }

    @Override
    public void suspected(ConnectionUser user, Closure closure, MessagingException cause) {
        troubles.add(closure);
    }

    @Override
    public void answered(ConnectionUser user) {}

    @Override
    public void stable(ConnectionUser user) {
        stable++;
    }

    @Override
    public @Nullable String impediment() {
        return connection == null ? "there is no connection" : null;
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return CompletableFuture.completedFuture(null);
    }
}
