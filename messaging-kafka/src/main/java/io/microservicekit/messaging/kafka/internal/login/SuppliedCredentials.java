package io.microservicekit.messaging.kafka.internal.login;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.kafka.KafkaSasl;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;

/**
 * Answers the driver's authentication, once for each connection, with the user and the password of the options. So the password is in no setting of
 * the driver, needs no escaping into a JAAS text, and is asked for again when it was renewed.
 */
public final class SuppliedCredentials implements AuthenticateCallbackHandler {
    /** The setting that brings the {@link KafkaSasl} here; the driver does not know it and hands it on. */
    public static final String SETTING = "messaging.kafka.sasl";

    private KafkaSasl sasl = KafkaSasl.plain("", Secret.of(""));

    /** For the driver. */
    public SuppliedCredentials() {}

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> jaas) {
        sasl = (KafkaSasl) Objects.requireNonNull(configs.get(SETTING), SETTING);
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(sasl.user());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(revealed().toCharArray());
            } else if (!(callback instanceof ScramExtensionsCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    /** What a supplier says when it fails may hold a part of the secret; an error would end the thread of the driver, which catches exceptions only. */
    private String revealed() throws IOException {
        String password;
        try {
            password = sasl.password().reveal();
        } catch (RuntimeException | Error e) {
            throw new IOException("the supplier of the password of user '" + sasl.user() + "' failed with "
                    + e.getClass().getName());
        }
        if (password.isEmpty() || password.chars().anyMatch(Character::isISOControl)) {
            throw new IOException("the password of user '" + sasl.user() + "' is empty or has a control character");
        }
        return password;
    }

    @Override
    public void close() {}
}
