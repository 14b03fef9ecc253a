package io.microservicekit.messaging.testkit.junit.internal;

import io.microservicekit.messaging.testkit.junit.internal.shared.NodeObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node in a process that this JVM forked, with a directory and ports that outlive each run of it. */
public final class LocalRabbitMq implements RabbitMqNode {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);

    private final RabbitMqPlan plan;
    private final RabbitMqPorts ports = RabbitMqPorts.free();
    private final RabbitMqHome home;
    private final RabbitMqCommand command;
    private final NodeObserver observer;
    private @Nullable BrokerProcess process;

    private LocalRabbitMq(RabbitMqPlan plan) {
        this.plan = plan;
        RabbitMqInstallation installation = plan.installation();
        this.home = new RabbitMqHome(installation, directory(plan));
        this.command = new RabbitMqCommand(installation, home.environment(ports));
        this.observer = RabbitMqObserving.of(installation, home.environment(ports));
    }

    private static BrokerHome directory(RabbitMqPlan plan) {
        RabbitMqInstallation installation = plan.installation();
        return installation.isOwnSystem()
                ? BrokerHome.in("rabbitmq-node-", plan.directory(), installation.system())
                : BrokerHome.in("rabbitmq-node-", plan.directory());
    }

    /** Forks a node and returns when it begins connections. */
    public static LocalRabbitMq start(RabbitMqPlan plan) {
        LocalRabbitMq node = new LocalRabbitMq(plan);
        try {
            node.launch();
            return node;
        } catch (RuntimeException | Error e) {
            node.discard();
            throw e;
        }
    }

    @Override
    public String url() {
        return "amqp://guest:guest@" + address() + "/%2F";
    }

    @Override
    public String address() {
        return "127.0.0.1:" + ports.amqp();
    }

    @Override
    public String tlsAddress() {
        if (!plan.settings().hasTls()) {
            throw new IllegalStateException("asking for the address with TLS of the RabbitMQ node on " + address()
                    + " failed: it has none; call builder().tls(..) before the start");
        }
        return "127.0.0.1:" + ports.tls();
    }

    @Override
    public String control(List<String> arguments) {
        running("running 'rabbitmqctl " + arguments.get(0) + "' on");
        return command.run(arguments);
    }

    @Override
    public List<String> queues(String virtualHost) {
        running("listing the queues of");
        return observer.queues(virtualHost);
    }

    @Override
    public long memoryLimit() {
        return plan.settings().memory();
    }

    @Override
    public long pid() {
        return running("asking for the process id of").pid();
    }

    @Override
    public Path log() {
        return home.directory().log();
    }

    @Override
    public void kill() {
        running("killing").kill();
    }

    @Override
    public void freeze() {
        running("freezing").freeze();
    }

    @Override
    public void thaw() {
        running("thawing").thaw();
    }

    @Override
    public void restart() {
        stop();
        launch();
    }

    @Override
    public void stop() {
        if (process != null && process.isAlive()) {
            process.terminate(STOPPED_WITHIN);
        }
    }

    @Override
    public void close() {
        observer.close();
        stop();
        home.directory().delete();
    }

    /** Ends the process at once and deletes what the fixture created. */
    private void discard() {
        observer.close();
        if (process != null && process.isAlive()) {
            process.kill();
        }
        home.directory().delete();
    }

    private void launch() {
        plan.settings().write(home, ports);
        home.makeCookie();
        BrokerProcess started = RabbitMqFork.fork(plan.installation(), home, ports);
        process = started;
        awaitReady(started, Deadline.in(plan.startTimeout()));
    }

    /** Returns when the node begins connections; a node that does not get there is killed. */
    private void awaitReady(BrokerProcess started, Deadline deadline) {
        try {
            while (!isReady(started)) {
                if (!started.isAlive()) {
                    throw failure("it ended with status " + started.exitStatus());
                }
                deadline.pauseOr(() -> failure("it was not ready within " + deadline.limit()));
            }
        } catch (RuntimeException | Error e) {
            started.kill();
            throw e;
        }
    }

    /** Its listeners open one after the other, the one with TLS last. */
    private boolean isReady(BrokerProcess started) {
        return Listening.isOf(started.pid(), ports.amqp())
                && AmqpProbe.answers("127.0.0.1", ports.amqp())
                && (!plan.settings().hasTls() || AmqpProbe.listens("127.0.0.1", ports.tls()));
    }

    private IllegalStateException failure(String reason) {
        return new IllegalStateException("starting a RabbitMQ node on " + address() + " in "
                + home.directory().root() + " failed: " + reason + "; the cause is in the end of its log:\n"
                + home.directory().logTail());
    }

    private BrokerProcess running(String attempt) {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(attempt + " the RabbitMQ node on " + address()
                    + " failed: it is not running; call restart() first");
        }
        return process;
    }
}
