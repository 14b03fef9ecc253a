package io.microservicekit.messaging.core.internal;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The services that are present: those of the context loader first, then those of this module's own loader, each once. */
final class Services {
    private Services() {}

    static <T> List<T> find(Class<T> service, String what, System.Logger logger) {
        List<T> found = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            collect(ServiceLoader.load(service, context), found, what, logger);
        }
        collect(ServiceLoader.load(service, Services.class.getClassLoader()), found, what, logger);
        return found;
    }

    /** One that cannot be loaded is reported and skipped: it must not keep the others from working. */
    private static <T> void collect(ServiceLoader<T> loader, List<T> found, String what, System.Logger logger) {
        Iterator<T> services = loader.iterator();
        while (true) {
            try {
                if (!services.hasNext()) {
                    return;
                }
                addOnce(services.next(), found);
            } catch (ServiceConfigurationError e) {
                logger.log(Level.WARNING, "A messaging " + what + " cannot be loaded and is skipped", e);
            }
        }
    }

    private static <T> void addOnce(T service, List<T> found) {
        if (found.stream().noneMatch(known -> known.getClass() == service.getClass())) {
            found.add(service);
        }
    }
}
