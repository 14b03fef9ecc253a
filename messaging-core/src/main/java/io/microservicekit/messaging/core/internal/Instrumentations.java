package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Instrumentation;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.InstrumentationProvider;
import io.microservicekit.messaging.api.trace.MessageTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tracer and the observers that a client's instrumentations give it: those given explicitly, and those found when the builder asked for it. */
final class Instrumentations {
    private final InstrumentationSettings settings;
    private final List<Instrumentation> found;

    private Instrumentations(InstrumentationSettings settings, List<Instrumentation> found) {
        this.settings = settings;
        this.found = found;
    }

    /** Looks for providers only when it was asked for them: being present activates nothing. */
    static Instrumentations of(InstrumentationSettings settings, System.Logger logger) {
        boolean looksForTracer = settings.tracing() && explicitTracer(settings) == null;
        return of(
                settings,
                looksForTracer || settings.meters()
                        ? Services.find(InstrumentationProvider.class, "instrumentation", logger)
                        : new ArrayList<>());
    }

    static Instrumentations of(InstrumentationSettings settings, List<InstrumentationProvider> providers) {
        List<Instrumentation> found = new ArrayList<>();
        for (InstrumentationProvider provider : providers) {
            Instrumentation made = made(provider);
            if (settings.given().stream().noneMatch(given -> given.getClass() == made.getClass())) {
                found.add(made);
            }
        }
        return new Instrumentations(settings, found);
    }

    private static Instrumentation made(InstrumentationProvider provider) {
        try {
            return Objects.requireNonNull(provider.create(), "it made null");
        } catch (RuntimeException e) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Making the instrumentation of " + provider.getClass().getName() + " failed: " + e
                            + ". Configure it before the client is built, or give one by instrumentation(..).",
                    e);
        }
    }

    /** The tracer of the client, null for none. */
    @Nullable MessageTracer tracer(ClientRuntime runtime) {
        MessageTracer explicit = explicitTracer(settings);
        if (explicit != null || !settings.tracing()) {
            return explicit;
        }
        MessageTracer only = onlyTracer(found, "Remove one of their jars, or give one by instrumentation(..).");
        return only == null ? settings.simplest().apply(runtime) : only;
    }

    private static @Nullable MessageTracer explicitTracer(InstrumentationSettings settings) {
        return settings.tracer() != null
                ? settings.tracer()
                : onlyTracer(settings.given(), "Give one of them, or tracer(..) to choose.");
    }

    private static @Nullable MessageTracer onlyTracer(List<Instrumentation> all, String remedy) {
        List<Instrumentation> tracing =
                all.stream().filter(one -> one.tracer() != null).toList();
        if (tracing.size() > 1) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Choosing the tracer failed: " + tracing.get(0).getClass().getName() + " and "
                            + tracing.get(1).getClass().getName() + " both have one. " + remedy);
        }
        return tracing.isEmpty() ? null : tracing.get(0).tracer();
    }

    /** The observers of the instrumentations given, and of all found when the builder asked for meters. */
    List<MessagingObserver> observers() {
        List<Instrumentation> all = new ArrayList<>(settings.given());
        if (settings.meters()) {
            all.addAll(found);
        }
        List<MessagingObserver> observers = new ArrayList<>();
        for (Instrumentation one : all) {
            MessagingObserver observer = one.observer();
            if (observer != null) {
                observers.add(observer);
            }
        }
        return observers;
    }
}
