package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import io.microservicekit.messaging.kafka.internal.login.SuppliedCredentials;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/** TLS and credentials as settings of the driver. */
final class SecuritySettings {
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1]):[0-9]+");

    private SecuritySettings() {}

    /** Files' passwords are asked for here, at each opening; the password of a user never is. */
    static Map<String, Object> of(KafkaOptions options) {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (options.tls() != null) {
            addTls(settings, options.tls());
        }
        if (options.sasl() != null) {
            addSasl(settings, options.sasl());
        }
        return settings;
    }

    private static void addTls(Map<String, Object> settings, KafkaTls tls) {
        List<String> protocols =
                tls.protocols().stream().map(KafkaTls.Protocol::nativeName).toList();
        settings.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, protocols);
        settings.put(SslConfigs.SSL_PROTOCOL_CONFIG, Collections.max(protocols));
        KafkaStore trust = tls.trust();
        if (trust != null) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, trust.type());
            settings.put(
                    SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, trust.location().toString());
            addSecret(settings, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, trust.password());
        }
        KafkaStore identity = tls.identity();
        if (identity != null) {
            settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, identity.type());
            settings.put(
                    SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, identity.location().toString());
            addSecret(settings, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, identity.password());
            addSecret(settings, SslConfigs.SSL_KEY_PASSWORD_CONFIG, identity.keyPassword());
        }
    }

    private static void addSecret(Map<String, Object> settings, String name, @Nullable Secret secret) {
        if (secret != null) {
            settings.put(name, new Password(revealed(name, secret)));
        }
    }

    /** What a supplier says when it fails may hold a part of the secret. */
    private static String revealed(String name, Secret secret) {
        try {
            return secret.reveal();
        } catch (RuntimeException e) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Asking for the password of a file of KafkaTls (" + name + ") failed: its supplier threw "
                            + e.getClass().getName()
                            + ". Its words are withheld because they may repeat a secret. Mend what was given to Secret.suppliedBy(..).");
        }
    }

    private static void addSasl(Map<String, Object> settings, KafkaSasl sasl) {
        String module =
                sasl.mechanism().equals("PLAIN") ? PlainLoginModule.class.getName() : ScramLoginModule.class.getName();
        settings.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism());
        settings.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(module + " required;"));
        settings.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, SuppliedCredentials.class);
        settings.put(SuppliedCredentials.SETTING, sasl);
    }

    /** Once for each client: its credentials, or with PLAIN its password, and all messages can be read on the way. */
    static void warnOfClearText(KafkaOptions options, System.Logger logger) {
        boolean clear = "SASL_PLAINTEXT".equalsIgnoreCase(options.properties().get("security.protocol"));
        List<String> far = options.brokers().stream()
                .filter(broker -> !LOOPBACK.matcher(broker).matches())
                .toList();
        if (clear && !far.isEmpty()) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "Connections to the Kafka brokers " + far
                            + " carry credentials and messages without encryption. Use KafkaOptions tls(..) with a listener of SASL_SSL.");
        }
    }
}
