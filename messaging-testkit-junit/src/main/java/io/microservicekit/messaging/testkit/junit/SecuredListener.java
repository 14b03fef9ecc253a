package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.ListenerPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A further listener of a {@link KafkaServer}, encrypted, on a loopback port of its own; a broker may have several with different certificates. Its
 * clients are {@code User:ANONYMOUS}, or named by their certificate or their user name. Immutable.
 */
public final class SecuredListener {
    private final String name;
    private final Map<String, String> settings;

    private SecuredListener(String name, Map<String, String> settings) {
        this.name = name;
        this.settings = settings;
    }

    /**
     * A listener with TLS.
     *
     * @param name letters, unlike {@code PLAINTEXT} and {@code CONTROLLER}; {@link KafkaServer#bootstrapServers(String)} finds it by it
     * @param keyStore PKCS #12 with the broker's key, see {@link TestCertificates#identity}
     * @param trustStore PKCS #12 with the authorities of clients that show a certificate
     * @param password opens both
     * @return a listener that asks for no certificate
     * @throws IllegalArgumentException when the name has other characters than letters
     */
    public static SecuredListener tls(String name, Path keyStore, Path trustStore, String password) {
        if (!name.matches("[A-Za-z]+")) {
            throw new IllegalArgumentException(
                    "naming a listener '" + name + "' was refused: give letters only, such as SECURED");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", keyStore.toString());
        settings.put("ssl.keystore.password", Objects.requireNonNull(password, "password"));
        settings.put("ssl.key.password", password);
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", trustStore.toString());
        settings.put("ssl.truststore.password", password);
        return new SecuredListener(name.toUpperCase(Locale.ROOT), settings);
    }

    /**
     * Refuses clients that show no certificate of a trusted authority.
     *
     * @return a listener with mutual TLS
     */
    public SecuredListener clientCertificates() {
        return with("ssl.client.auth", "required");
    }

    /**
     * Takes users by SASL PLAIN.
     *
     * @param passwords user names, letters and digits, with their passwords
     * @return a listener that refuses everybody else
     */
    public SecuredListener plain(Map<String, String> passwords) {
        StringBuilder jaas = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        passwords.forEach((user, password) -> jaas.append(" user_")
                .append(user)
                .append("=\"")
                .append(escaped(password))
                .append('"'));
        return with("plain.sasl.jaas.config", jaas.append(';').toString()).mechanism("PLAIN");
    }

    /**
     * Takes users by SASL SCRAM-SHA-256 and -512; a test makes them through an admin client ({@code alterUserScramCredentials}).
     *
     * @return a listener that refuses everybody else
     */
    public SecuredListener scram() {
        String jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
        return with("scram-sha-256.sasl.jaas.config", jaas)
                .with("scram-sha-512.sasl.jaas.config", jaas)
                .mechanism("SCRAM-SHA-256,SCRAM-SHA-512");
    }

    private static String escaped(String password) {
        return password.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private SecuredListener mechanism(String added) {
        String present = settings.get("sasl.enabled.mechanisms");
        return with("sasl.enabled.mechanisms", present == null ? added : present + "," + added);
    }

    private SecuredListener with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new SecuredListener(name, more);
    }

    ListenerPlan plan() {
        String protocol = settings.containsKey("sasl.enabled.mechanisms") ? "SASL_SSL" : "SSL";
        return ListenerPlan.onFreePort(name, protocol, settings);
    }
}
