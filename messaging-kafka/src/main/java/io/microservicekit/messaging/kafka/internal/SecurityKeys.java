package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of encryption and credentials: texts that together make one option. */
final class SecurityKeys {
    static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(
            "tls",
            "tls_trust_store",
            "tls_trust_type",
            "tls_trust_password",
            "tls_key_store",
            "tls_key_type",
            "tls_key_password",
            "sasl_mechanism",
            "sasl_user",
            "sasl_password"));

    /** An environment variable could not say it: {@code MESSAGING_KAFKA_SASL_MECHANISM} is the key of ours. */
    private static final String OTHER_MECHANISMS =
            "; for other mechanisms give the driver's own settings, such as 'sasl.mechanism', in a map or properties";

    private final Map<String, String> texts = new LinkedHashMap<>();
    private boolean encrypted;

    void read(Settings settings, KafkaOptionsBuilder options) {
        settings.flag("tls", given -> encrypted = given);
        for (String key : OWN.subList(1, OWN.size())) {
            settings.text(key, text -> texts.put(key, text));
        }
        if (encrypted) {
            addTls(settings, options);
        } else if (texts.keySet().stream().anyMatch(key -> key.startsWith("tls_"))) {
            settings.violation("'tls_*' would be ignored, since 'tls' is not true");
        }
        if (texts.keySet().stream().anyMatch(key -> key.startsWith("sasl_"))) {
            addSasl(settings, options);
        }
    }

    private void addTls(Settings settings, KafkaOptionsBuilder options) {
        KafkaTls.Builder tls = KafkaTls.builder();
        KafkaStore trust = store(settings, "tls_trust");
        KafkaStore identity = store(settings, "tls_key");
        if (trust != null) {
            tls.trust(trust);
        }
        if (identity != null) {
            tls.identity(identity);
        }
        options.tls(tls.build());
    }

    private @Nullable KafkaStore store(Settings settings, String prefix) {
        String location = texts.get(prefix + "_store");
        String type = texts.getOrDefault(prefix + "_type", "PEM").toUpperCase(Locale.ROOT);
        String password = texts.get(prefix + "_password");
        if (location == null) {
            if (texts.containsKey(prefix + "_type") || texts.containsKey(prefix + "_password")) {
                settings.violation(prefix + "_type and " + prefix + "_password need " + prefix
                        + "_store, which is not set: without it the authorities of this Java would be trusted");
            }
            return null;
        }
        try {
            Path path = Path.of(location);
            if (type.equals("PEM")) {
                return password == null ? KafkaStore.pem(path) : KafkaStore.pem(path, Secret.of(password));
            }
            if (password != null && type.equals("PKCS12")) {
                return KafkaStore.pkcs12(path, Secret.of(password));
            }
            if (password != null && type.equals("JKS")) {
                return KafkaStore.jks(path, Secret.of(password));
            }
            settings.violation("'" + prefix + "_type' must be PEM, or PKCS12 or JKS with '" + prefix + "_password'");
        } catch (InvalidPathException e) {
            settings.violation("'" + prefix + "_store' is not the path of a file");
        }
        return null;
    }

    private void addSasl(Settings settings, KafkaOptionsBuilder options) {
        String user = texts.get("sasl_user");
        String password = texts.get("sasl_password");
        if (user == null || password == null) {
            settings.violation("'sasl_user' and 'sasl_password' must be given together" + OTHER_MECHANISMS);
            return;
        }
        Secret secret = Secret.of(password);
        switch (texts.getOrDefault("sasl_mechanism", "").toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> options.sasl(KafkaSasl.plain(user, secret));
            case "SCRAM-SHA-256" -> options.sasl(KafkaSasl.scramSha256(user, secret));
            case "SCRAM-SHA-512" -> options.sasl(KafkaSasl.scramSha512(user, secret));
            default ->
                settings.violation("'sasl_mechanism' must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512" + OTHER_MECHANISMS);
        }
    }
}
