package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.rabbitmq.RabbitMqStore;
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of encryption: texts that together make one option. */
final class TlsKeys {
    static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(
            "tls",
            "tls_trust_store",
            "tls_trust_type",
            "tls_trust_password",
            "tls_key_store",
            "tls_key_type",
            "tls_key_password"));

    private final Map<String, String> texts = new LinkedHashMap<>();
    private boolean encrypted;

    void read(Settings settings, RabbitMqOptionsBuilder options) {
        settings.flag("tls", given -> encrypted = given);
        for (String key : OWN.subList(1, OWN.size())) {
            settings.text(key, text -> texts.put(key, text));
        }
        if (!encrypted) {
            if (!texts.isEmpty()) {
                settings.violation("'tls_*' would be ignored, since 'tls' is not true");
            }
            return;
        }
        RabbitMqTls.Builder tls = RabbitMqTls.builder();
        RabbitMqStore trust = store(settings, "tls_trust");
        RabbitMqStore identity = store(settings, "tls_key");
        if (trust != null) {
            tls.trust(trust);
        }
        if (identity != null) {
            tls.identity(identity);
        }
        options.tls(tls.build());
    }

    private @Nullable RabbitMqStore store(Settings settings, String prefix) {
        String location = texts.get(prefix + "_store");
        if (location == null) {
            if (texts.containsKey(prefix + "_type") || texts.containsKey(prefix + "_password")) {
                settings.violation(
                        prefix + "_type and " + prefix + "_password need " + prefix + "_store, which is not set");
            }
            return null;
        }
        try {
            return store(settings, prefix, Path.of(location));
        } catch (InvalidPathException e) {
            settings.violation("'" + prefix + "_store' is not the path of a file");
            return null;
        }
    }

    private @Nullable RabbitMqStore store(Settings settings, String prefix, Path path) {
        String type = texts.getOrDefault(prefix + "_type", "PEM").toUpperCase(Locale.ROOT);
        String password = texts.get(prefix + "_password");
        if (type.equals("PEM") && password == null) {
            return RabbitMqStore.pem(path);
        }
        if (type.equals("PKCS12") && password != null) {
            return RabbitMqStore.pkcs12(path, Secret.of(password));
        }
        if (type.equals("JKS") && password != null) {
            return RabbitMqStore.jks(path, Secret.of(password));
        }
        settings.violation(
                "'" + prefix + "_type' must be PEM without '" + prefix + "_password', or PKCS12 or JKS with it");
        return null;
    }
}
