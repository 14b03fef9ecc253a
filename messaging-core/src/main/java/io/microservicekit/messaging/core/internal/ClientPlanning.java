package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a plan of what the builder and its configurations say: a builder call beats a configuration, which beats the default. */
final class ClientPlanning {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final ClientSettings settings;
    private final BackendChoice choice;
    private final Providers providers;
    private final Problems problems = new Problems();
    private String type = "kafka";
    private List<String> brokers = List.of();
    private @Nullable String url;
    private @Nullable String clientId;
    private Duration connectTimeout = ClientOpening.CONNECT_TIMEOUT;
    private Startup startup = Startup.FAIL_FAST;

    ClientPlanning(ClientSettings settings, Providers providers) {
        this.settings = settings;
        this.choice = settings.backend();
        this.providers = providers;
    }

    /**
     * The plan; throws one error that names all violations.
     *
     * @throws InvalidConfigurationException INVALID_CONFIG, NO_BROKERS, UNSUPPORTED_TYPE
     */
    ClientPlan plan(String attempt) {
        Configuration configuration = new Configuration(providers.keys(), problems, settings.logger());
        choice.configurations().forEach(configuration::add);
        readConfiguration(configuration.ofClient());
        readBuilder();
        BackendProvider provider = provider();
        configuration.checkKeys(provider == null ? type : null);
        BackendOptions options = provider == null ? null : options(provider, configuration);
        check();
        problems.throwIfAny(attempt);
        return new ClientPlan(
                Objects.requireNonNull(provider, "a plan without problems has a provider"),
                Objects.requireNonNull(options, "a plan without problems has options"),
                clientId,
                connectTimeout,
                startup);
    }

    private void readConfiguration(Settings own) {
        own.text(ConfigKeys.TYPE, value -> type = value);
        own.list(ConfigKeys.BROKERS, value -> brokers = value);
        own.text(ConfigKeys.URL, value -> url = value);
        own.text(ConfigKeys.CLIENT_ID, value -> clientId = value);
        own.duration(ConfigKeys.CONNECT_TIMEOUT, value -> connectTimeout = value);
        own.choice(ConfigKeys.STARTUP, Startup.class, value -> startup = value);
        problems.addAll(own.violations());
    }

    private void readBuilder() {
        type = choice.type() == null ? type : choice.type();
        brokers = choice.brokers() == null ? brokers : choice.brokers();
        url = choice.url() == null ? url : choice.url();
        clientId = settings.clientId() == null ? clientId : settings.clientId();
        connectTimeout = settings.connectTimeout() == null ? connectTimeout : settings.connectTimeout();
        startup = settings.startup() == null ? startup : settings.startup();
    }

    /** Null when there is none, which is a problem then. */
    private @Nullable BackendProvider provider() {
        BackendOptions given = choice.options();
        try {
            return given == null ? providers.ofType(type) : providers.forOptions(given);
        } catch (InvalidConfigurationException e) {
            problems.add(e);
            return null;
        }
    }

    private @Nullable BackendOptions options(BackendProvider provider, Configuration configuration) {
        BackendOptions given = choice.options();
        if (given != null) {
            checkContradictions(given, configuration);
            return given;
        }
        Settings own = new Settings(brokers, url, configuration.ofBackend(type));
        try {
            return provider.options(own);
        } catch (InvalidConfigurationException e) {
            problems.add(e);
            return null;
        } finally {
            problems.addAll(own.violations());
        }
    }

    /** Typed options say everything about a backend: nothing that was said elsewhere is dropped in silence. */
    private void checkContradictions(BackendOptions given, Configuration configuration) {
        String options = "backend(" + given.backendType() + " options)";
        if (choice.type() != null) {
            problems.add("type('" + Shown.text(choice.type()) + "') contradicts " + options + ", set one of them");
        }
        if (choice.brokers() != null) {
            problems.add("brokers contradict " + options + ", set them in those options");
        }
        if (choice.url() != null) {
            problems.add("url contradicts " + options + ", set it in those options");
        }
        configuration
                .ofGivenBackend(given.backendType())
                .forEach(name -> problems.add("'" + Shown.text(name) + "' of the configuration contradicts " + options
                        + ", set one of them"));
    }

    private void check() {
        if (settings.runtime() != null && settings.handlerThreads() != null) {
            problems.add("handlerThreads contradicts runtime, which makes its own threads");
        }
        if (clientId != null && !clientId.matches("[a-zA-Z0-9._-]{1,200}")) {
            problems.add("clientId is '" + Shown.text(clientId)
                    + "', must be 1 to 200 characters of letters, digits, '.', '_' and '-'");
        }
        if (connectTimeout.compareTo(SHORTEST) < 0 || connectTimeout.compareTo(LONGEST) > 0) {
            problems.add("connectTimeout is " + connectTimeout + ", must be from " + SHORTEST + " to " + LONGEST);
        }
    }
}
