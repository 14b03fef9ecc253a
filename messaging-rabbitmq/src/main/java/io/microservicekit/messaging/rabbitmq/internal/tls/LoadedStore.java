package io.microservicekit.messaging.rabbitmq.internal.tls;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.rabbitmq.RabbitMqStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.Objects;

/** A store in memory, and what opens the keys in it. */
final class LoadedStore {
    private final KeyStore store;
    private final char[] password;

    LoadedStore(KeyStore store, char[] password) {
        this.store = store;
        this.password = password;
    }

    KeyStore store() {
        return store;
    }

    char[] password() {
        return password;
    }

    static LoadedStore of(RabbitMqStore store) throws GeneralSecurityException, IOException {
        Secret secret = Objects.requireNonNull(store.password(), "password");
        char[] password = secret.reveal().toCharArray();
        KeyStore loaded = KeyStore.getInstance(store.type());
        try (InputStream in = Files.newInputStream(store.location())) {
            loaded.load(in, password);
        }
        return new LoadedStore(loaded, password);
    }

    boolean hasKey() throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return true;
            }
        }
        return false;
    }
}
