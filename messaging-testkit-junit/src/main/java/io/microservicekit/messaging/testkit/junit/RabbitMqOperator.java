package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.RabbitMqNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator can do to a running {@link RabbitMqServer}, by {@code rabbitmqctl}: each call starts one and takes about a second, more on a
 * busy machine; only {@link #queues} is quick. Any thread may call.
 *
 * <p>Every method throws {@link IllegalStateException} when the node is not running or refuses, with the words of {@code rabbitmqctl}, and
 * {@link UnsupportedOperationException} when the node was given by its URL, or when it is shared and the call would disturb others.
 */
public final class RabbitMqOperator {
    private static final Pattern GIVEN_NAME = Pattern.compile("\\{\"connection_name\",\"([^\"]*)\"\\}");

    private final RabbitMqNode node;

    RabbitMqOperator(RabbitMqNode node) {
        this.node = node;
    }

    /**
     * Runs a command of {@code rabbitmqctl}; on a shared node only those that look or add.
     *
     * @param command its name, such as {@code status}
     * @param arguments its arguments; kept out of the messages of exceptions
     * @return what it printed to standard output
     */
    public String control(String command, String... arguments) {
        List<String> all = new ArrayList<>();
        all.add(Objects.requireNonNull(command, "command"));
        Collections.addAll(all, arguments);
        return node.control(all);
    }

    /**
     * Evaluates an Erlang expression in the node; refused on a shared node.
     *
     * @param expression ends with a full stop
     * @return its value as Erlang prints it
     */
    public String evaluate(String expression) {
        return control("eval", expression).strip();
    }

    /**
     * Adds a virtual host.
     *
     * @param name a name that no virtual host of the node has
     */
    public void addVirtualHost(String name) {
        control("add_vhost", name);
    }

    /**
     * Adds a user, who may enter no virtual host yet.
     *
     * @param name a name that no user of the node has
     * @param password not empty
     */
    public void addUser(String name, String password) {
        control("add_user", name, password);
    }

    /**
     * Lets a user enter a virtual host and do everything there.
     *
     * @param user an existing user
     * @param virtualHost an existing virtual host; {@code /} is the default one
     */
    public void permitAll(String user, String virtualHost) {
        permit(user, virtualHost, new Permissions(".*", ".*", ".*"));
    }

    /**
     * Lets a user enter a virtual host and use some of its queues and exchanges, instead of those permitted before.
     *
     * @param user an existing user
     * @param virtualHost an existing virtual host; {@code /} is the default one
     * @param permissions on which names
     */
    public void permit(String user, String virtualHost, Permissions permissions) {
        control(
                "set_permissions",
                "-p",
                virtualHost,
                user,
                permissions.configure(),
                permissions.write(),
                permissions.read());
    }

    /** Lets the node believe that its memory is used up: it blocks the connections that publish. */
    public void raiseMemoryAlarm() {
        control("set_vm_memory_high_watermark", "0.0000001");
    }

    /** Gives the node its limit of memory back: it takes messages again. */
    public void clearMemoryAlarm() {
        control("set_vm_memory_high_watermark", "absolute", String.valueOf(node.memoryLimit()));
    }

    /**
     * Closes all connections of all virtual hosts, as an operator does (320 {@code CONNECTION_FORCED}); they may be gone a moment later.
     *
     * @param reason what the clients are told
     */
    public void closeAllConnections(String reason) {
        control("close_all_connections", "--global", reason);
    }

    /**
     * Lists the queues of a virtual host.
     *
     * @param virtualHost an existing virtual host; {@code /} is the default one
     * @return one record for each
     */
    public List<Queue> queues(String virtualHost) {
        return node.queues(Objects.requireNonNull(virtualHost, "virtualHost")).stream()
                .map(RabbitMqOperator::row)
                .map(row ->
                        new Queue(row.text(0), type(row), row.number(2), row.number(3), Math.toIntExact(row.number(4))))
                .toList();
    }

    /** The node says {@code rabbit_classic_queue} or {@code classic}, depending on its version. */
    private static String type(Row row) {
        return row.text(1).replace("rabbit_", "").replace("_queue", "");
    }

    /**
     * Lists the consumers of a virtual host.
     *
     * @param virtualHost an existing virtual host; {@code /} is the default one
     * @return one record for each
     */
    public List<Consumer> consumers(String virtualHost) {
        String columns = "queue_name consumer_tag ack_required prefetch_count active";
        return list(
                "list_consumers",
                virtualHost,
                columns,
                row -> new Consumer(row.text(0), row.text(1), row.is(2), Math.toIntExact(row.number(3)), row.is(4)));
    }

    /**
     * Lists the connections of all virtual hosts.
     *
     * @return one record for each
     */
    public List<Connection> connections() {
        String columns = "name user vhost state channels client_properties";
        return rows(control("list_connections", arguments(List.of(), columns))).stream()
                .map(RabbitMqOperator::connection)
                .toList();
    }

    private static Connection connection(Row row) {
        // RabbitMQ 3.10 has no column for the name that the client gave.
        Matcher given = GIVEN_NAME.matcher(row.text(5));
        String givenName = given.find() ? given.group(1) : "";
        return new Connection(
                row.text(0), givenName, row.text(1), row.text(2), row.text(3), Math.toIntExact(row.number(4)));
    }

    private <T> List<T> list(String command, String virtualHost, String columns, Function<Row, T> record) {
        return rows(control(command, arguments(List.of("-p", virtualHost), columns))).stream()
                .map(record)
                .toList();
    }

    private static String[] arguments(List<String> options, String columns) {
        List<String> all = new ArrayList<>(List.of("--quiet", "--no-table-headers"));
        all.addAll(options);
        Collections.addAll(all, columns.split(" ", -1));
        return all.toArray(String[]::new);
    }

    private static Row row(String line) {
        return new Row(line, List.of(line.split("\t", -1)));
    }

    private static List<Row> rows(String output) {
        return output.lines()
                .filter(line -> !line.isEmpty())
                .map(RabbitMqOperator::row)
                .toList();
    }

    /**
     * On which names a user may do what, as regular expressions; an empty one permits nothing.
     *
     * @param configure declare and delete
     * @param write publish and bind
     * @param read consume, and be bound to
     */
    public record Permissions(String configure, String write, String read) {}

    /**
     * A queue as the node sees it.
     *
     * @param name its name
     * @param type {@code classic}, {@code quorum} or {@code stream}
     * @param ready how many messages wait for a consumer
     * @param unacknowledged how many messages consumers keep
     * @param consumers how many consume from it
     */
    public record Queue(String name, String type, long ready, long unacknowledged, int consumers) {}

    /**
     * A consumer as the node sees it.
     *
     * @param queue the name of its queue
     * @param tag its consumer tag
     * @param acknowledges false for one in automatic mode
     * @param prefetch how many messages it may keep; 0 for any number
     * @param active false for one that waits, as of a queue with a single active consumer
     */
    public record Consumer(String queue, String tag, boolean acknowledges, int prefetch, boolean active) {}

    /**
     * A connection as the node sees it.
     *
     * @param name the addresses of its two ends
     * @param givenName the name that the client gave it; empty for none
     * @param user as whom it was opened
     * @param virtualHost its virtual host
     * @param state such as {@code running}, {@code blocking} (an alarm is on and it did not publish since) or {@code blocked}
     * @param channels how many are open on it
     */
    public record Connection(
            String name, String givenName, String user, String virtualHost, String state, int channels) {}

    private record Row(String line, List<String> cells) {
        String text(int column) {
            if (column >= cells.size()) {
                throw new IllegalStateException("reading '" + line + "' of rabbitmqctl failed: it has " + cells.size()
                        + " columns, not " + (column + 1));
            }
            return cells.get(column);
        }

        boolean is(int column) {
            return Boolean.parseBoolean(text(column));
        }

        long number(int column) {
            return Long.parseLong(text(column));
        }
    }
}
