package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessageHandler;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;

/** The demo: tells a story on a broker and checks that it holds. */
public final class OrdersDemo {
    private static final int HOLDS = 0;
    private static final int BROKEN = 1;
    private static final int USAGE = 2;

    private OrdersDemo() {}

    /**
     * Runs the demo and ends the JVM: status 0 when the story holds, 1 when it does not, 2 for a wrong argument.
     *
     * @param arguments {@code memory}, {@code kafka} or {@code rabbitmq}; none for {@code memory}
     */
    public static void main(String[] arguments) {
        String broker = arguments.length == 0 ? "memory" : String.join(" ", arguments);
        System.exit(
                switch (broker) {
                    case "memory" -> run(EmbeddedBroker::new, new Warehouse(), System.out);
                    case "kafka" -> run(LocalKafka::new, new Warehouse(), System.out);
                    case "rabbitmq" -> run(LocalRabbitMq::new, new Warehouse(), System.out);
                    default -> refuse(broker);
                });
    }

    private static int refuse(String broker) {
        System.err.println("There is no broker '" + broker + "' for the demo; possible are: memory, kafka, rabbitmq.");
        return USAGE;
    }

    /** Runs the story with any handler; the check expects what {@link Warehouse} does. */
    static int run(Supplier<DemoBroker> brokers, MessageHandler warehouse, PrintStream out) {
        Narrator narrator = new Narrator(out);
        narrator.say("start", "one client, one topic, three customers");
        try (DemoBroker broker = brokers.get()) {
            narrator.say("broker", broker.description());
            Facts facts = new OrdersStory(broker, warehouse, narrator).tell();
            return verdict(new StoryCheck(facts, narrator).broken(), narrator);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return verdict(List.of("the demo was interrupted"), narrator);
        } catch (RuntimeException e) {
            return verdict(List.of("the story came to no end: " + e), narrator);
        }
    }

    private static int verdict(List<String> broken, Narrator narrator) {
        if (broken.isEmpty()) {
            narrator.end("The story holds.");
            return HOLDS;
        }
        narrator.end("The story does NOT hold:\n  - " + String.join("\n  - ", broken));
        return BROKEN;
    }
}
