package io.microservicekit.messaging.kafka;

import io.microservicekit.messaging.api.Secret;
import java.util.Objects;

/**
 * A user name and a password for the brokers. The password is asked for at each new connection and handed to the driver's authentication only: it is
 * in no setting, and a renewed one is used without a restart. Use it with {@link KafkaTls}: without, PLAIN shows the password to the network. Immutable.
 *
 * <p>Other mechanisms, for example OAUTHBEARER and Kerberos, are set by properties: see {@link KafkaOptionsBuilder#property}.
 */
public final class KafkaSasl {
    private final String mechanism;
    private final String user;
    private final Secret password;

    private KafkaSasl(String mechanism, String user, Secret password) {
        this.mechanism = mechanism;
        this.user = Objects.requireNonNull(user, "user");
        this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * SASL PLAIN: the broker hears the password itself.
     *
     * @param user the name, without control characters
     * @param password the password, without control characters
     * @return credentials
     */
    public static KafkaSasl plain(String user, Secret password) {
        return new KafkaSasl("PLAIN", user, password);
    }

    /**
     * SASL SCRAM-SHA-256: the broker hears a proof that we know the password.
     *
     * @param user the name, without control characters
     * @param password the password, without control characters
     * @return credentials
     */
    public static KafkaSasl scramSha256(String user, Secret password) {
        return new KafkaSasl("SCRAM-SHA-256", user, password);
    }

    /**
     * SASL SCRAM-SHA-512: the broker hears a proof that we know the password.
     *
     * @param user the name, without control characters
     * @param password the password, without control characters
     * @return credentials
     */
    public static KafkaSasl scramSha512(String user, Secret password) {
        return new KafkaSasl("SCRAM-SHA-512", user, password);
    }

    /**
     * The mechanism.
     *
     * @return {@code PLAIN}, {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
     */
    public String mechanism() {
        return mechanism;
    }

    /**
     * The user name.
     *
     * @return the name as given
     */
    public String user() {
        return user;
    }

    /**
     * The password.
     *
     * @return the secret as given
     */
    public Secret password() {
        return password;
    }

    /** The mechanism and the user. */
    @Override
    public String toString() {
        return "KafkaSasl[" + mechanism + ", user=" + BrokerAddresses.printable(user) + "]";
    }
}
