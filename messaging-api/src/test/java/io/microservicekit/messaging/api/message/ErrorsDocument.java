package io.microservicekit.messaging.api.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes {@code docs/errors.md} from the enum: when an error happens is its Javadoc, the rest is here, and a new code without it does not compile. */
final class ErrorsDocument {
    /** Tests of a module run in its directory. */
    static final Path FILE = Path.of("..", "docs", "errors.md").toAbsolutePath().normalize();

    private static final Path SOURCE = Path.of("src/main/java/io/microservicekit/messaging/api/message/ErrorCode.java");
    private static final Pattern LINK = Pattern.compile("\\{@link (?:plain )?#?([^}]*?)}");
    private static final EnumSet<ErrorCode> OF_THE_SEED = EnumSet.range(ErrorCode.NO_BROKERS, ErrorCode.BATCH_SEND);

    private ErrorsDocument() {}

    /** Which class it comes as, and what to do. */
    private record Advice(String type, String remedy) {}

    static String text() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Errors

                <!-- Generated from ErrorCode. Do not edit: mvn -pl messaging-api test -Dtest=ErrorsDocumentTest -Dmessaging.docs.write=true -->

                Every error of the library is a `MessagingException` with a `code()`; the class says where it happened. `MessagingException.is(error, code)` looks
                into causes and suppressed errors, and is true for a broader code as well. A `SendException` also says by `outcome()` whether the message may be
                there all the same. Texts say what was attempted, on what, why it failed and what to do; they never hold a payload or a secret.

                Three kinds of exceptions are none of these, and tell of a mistake in the calling code, before anything is done:

                - `NullPointerException`: null where nothing says that null is allowed, for example as options, timeout or list of a batch. Null as message, handler,
                  topics or group has its code (`NIL_MESSAGE`, `NIL_HANDLER`, `NO_TOPICS`, `EMPTY_GROUP_ID`).
                - `IllegalArgumentException`: values that applications seldom make themselves: the id of a `TraceContext`, the attempt of a `ReceivedMessage`, an entry of a
                  `BatchResult`, numbers and names given to the fixtures of `messaging-testkit` and `messaging-testkit-junit`.
                - `IllegalStateException`: these fixtures, when a broker cannot be started or is not in the state that was asked for.

                What a supplier, an observer or a tracer of yours throws is no error of the library either; what a handler throws is a failed attempt.
                From a future of `sendAsync`, `ready()` or `completion()` the exception comes as it is in `whenComplete`, in a `CompletionException` from `join()`,
                in an `ExecutionException` from `get()`: `MessagingException.is` looks into both.

                **Errors of a send.** `SendException` (a `BatchSendException` is one): it was tried, or could have been, and `outcome()` says what became of it. All others come
                before it was tried, so it is not delivered: `InvalidMessageException` (sending it again cannot help) and `ClosedException`. `PRODUCER_CLOSED` is a
                `ClosedException` when the producer was closed before the message was handed over, and a `SendException` when that happened afterwards: ask for the code.

                The first seventeen keep the names of the Go library (`ErrNoBrokers` is `NO_BROKERS`).

                | code | broader | class | when | what to do |
                |---|---|---|---|---|
                """);
        String source = Files.readString(SOURCE);
        for (ErrorCode code : ErrorCode.values()) {
            text.append(row(code, source));
        }
        return text.toString();
    }

    private static String row(ErrorCode code, String source) {
        Advice advice = advice(code);
        ErrorCode broader = code.broader();
        String name = OF_THE_SEED.contains(code) ? "**`" + code + "`**" : "`" + code + "`";
        return "| " + name + " | " + (broader == null ? "" : "`" + broader + "`") + " | " + advice.type() + " | "
                + when(code, source) + " | " + advice.remedy() + " |\n";
    }

    private static String when(ErrorCode code, String source) {
        Matcher matcher =
                Pattern.compile("/\\*\\* ([^*]*) \\*/\\s+" + code + "\\(").matcher(source);
        if (!matcher.find()) {
            throw new IllegalStateException(code + " has no Javadoc of one line in " + SOURCE);
        }
        return LINK.matcher(matcher.group(1))
                .replaceAll(link -> "`" + link.group(1).replace('#', '.') + "`");
    }

    private static Advice advice(ErrorCode code) {
        return switch (code) {
            case NO_BROKERS -> new Advice(settings(), "Set `brokers(..)`, the key `brokers` or `MESSAGING_BROKERS`.");
            case CREATE_CLIENT ->
                new Advice(
                        unavailable(),
                        "Look at the cause: addresses, network, credentials. `startup(Startup.WAIT)` does not wait for a broker.");
            case CLIENT_CLOSED -> new Advice(closed(), "Build a new client.");
            case NO_BROKERS_AVAILABLE ->
                new Advice(
                        unavailable(),
                        "See that the brokers run, the addresses are right and those that they advertise can be reached; then try again.");
            case HEALTH_CHECK -> new Advice(unavailable(), "Look at the cause and at `client.health()`.");
            case EMPTY_GROUP_ID -> new Advice(settings(), "Name the consumer group.");
            case PRODUCER_CLOSED ->
                new Advice(
                        closed() + ", " + send(),
                        "Make a new producer. As a `SendException` it came while the message was under way: look at `outcome()`.");
            case NIL_MESSAGE -> new Advice(message(), "Make messages with `Message.builder(topic)`.");
            case EMPTY_TOPIC -> new Advice(message(), "Give the message a topic.");
            case NO_TOPICS -> new Advice(settings(), "Subscribe to one or more topics, none of them blank.");
            case NIL_HANDLER -> new Advice(settings(), "Pass a handler.");
            case NO_ACTIVE_SESSION ->
                new Advice(consume(), "Do nothing: the message is delivered again, here or elsewhere.");
            case UNSUPPORTED_TYPE ->
                new Advice(
                        settings(),
                        "Add the adapter's artifact (`messaging-kafka`, `messaging-rabbitmq`), or correct the type.");
            case CREATE_PRODUCER ->
                new Advice(
                        settings() + ", " + unavailable(),
                        "Look at the cause: settings of the driver, names of the brokers, network.");
            case CREATE_CONSUMER ->
                new Advice(
                        settings() + ", " + unavailable() + ", " + consume(),
                        "Look at the cause: settings of the driver, missing topics, network.");
            case SEND_MESSAGE ->
                new Advice(
                        send() + ", " + message(),
                        "Look at `outcome()`: NOT_DELIVERED can be sent again, UNKNOWN may then be there twice. As an `InvalidMessageException` it"
                                + " says what in the message no broker takes.");
            case BATCH_SEND ->
                new Advice(
                        "`BatchSendException`",
                        "Look at its result: each message has its own outcome; send again those that were not delivered.");
            case CONSUMER_CLOSED ->
                new Advice(
                        closed() + ", " + consume(),
                        "Make a new consumer. As a `ConsumeException` its subscription alone has ended: subscribe again.");
            case ALREADY_CONSUMING ->
                new Advice(settings(), "Close the running subscription first, or make another consumer of the group.");
            case TIMEOUT ->
                new Advice(send() + ", " + consume() + ", " + unavailable(), "Try again later, or give it more time.");
            case UNROUTABLE ->
                new Advice(
                        send(),
                        "Create the queue before sending: `provision` or a subscription that is ready does it.");
            case SEND_QUEUE_FULL ->
                new Advice(
                        send(), "Send slower, wait for earlier sends, or raise `maxInFlight` and `maxInFlightBytes`.");
            case CAPABILITY_MISSING ->
                new Advice(settings(), "Leave the option out, or use a backend that has the ability.");
            case INVALID_CONFIG -> new Advice(settings(), "Mend everything that the text names; it names all at once.");
            case TOPOLOGY_MISMATCH ->
                new Advice(
                        send() + ", " + consume(),
                        "Make the entity at the broker and the options agree; the text names both values.");
            case AUTHENTICATION ->
                new Advice(send() + ", " + consume() + ", " + unavailable(), "Check user, password and certificates.");
            case AUTHORIZATION ->
                new Advice(send() + ", " + consume() + ", " + unavailable(), "Grant the right that the text names.");
            case MESSAGE_TOO_LARGE ->
                new Advice(
                        message() + ", " + send(),
                        "Send less, or raise the limits at the broker, at its topic and in the options alike.");
            case MALFORMED_HEADER -> new Advice(message(), "Read it as bytes, or correct it before sending.");
        };
    }

    private static String settings() {
        return "`InvalidConfigurationException`";
    }

    private static String unavailable() {
        return "`BackendUnavailableException`";
    }

    private static String closed() {
        return "`ClosedException`";
    }

    private static String message() {
        return "`InvalidMessageException`";
    }

    private static String send() {
        return "`SendException`";
    }

    private static String consume() {
        return "`ConsumeException`";
    }
}
