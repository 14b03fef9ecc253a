package io.microservicekit.messaging.rabbitmq.internal.tls;

import io.microservicekit.messaging.rabbitmq.RabbitMqStore;
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The context of encrypted connections, with the stores as they are now. It checks chains; who uses it must have the host name checked as well. */
public final class TlsContext {
    private TlsContext() {}

    /**
     * Reads the stores.
     *
     * @throws GeneralSecurityException when a store cannot be used; its text names the file and repeats no secret
     */
    public static SSLContext of(RabbitMqTls tls) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        RabbitMqStore authorities = tls.trust();
        // Null stands for the authorities that this Java trusts.
        trust.init(authorities == null ? null : loaded(authorities).store());
        context.init(keys(tls.identity()), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManager @Nullable [] keys(@Nullable RabbitMqStore identity) throws GeneralSecurityException {
        if (identity == null) {
            return null;
        }
        LoadedStore loaded = loaded(identity);
        if (!loaded.hasKey()) {
            throw new GeneralSecurityException("no private key is in the " + identity);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(loaded.store(), loaded.password());
        return keys.getKeyManagers();
    }

    private static LoadedStore loaded(RabbitMqStore store) throws GeneralSecurityException {
        try {
            LoadedStore loaded = store.type().equals("PEM") ? PemFile.load(store.location()) : LoadedStore.of(store);
            if (loaded.store().size() == 0) {
                throw new GeneralSecurityException("no certificate is in the " + store);
            }
            return loaded;
        } catch (IOException | RuntimeException e) {
            // The cause may repeat what a supplier of passwords said.
            throw new GeneralSecurityException(
                    "the " + store + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Whether it is a trust store or an identity only its user knows. */
    static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
