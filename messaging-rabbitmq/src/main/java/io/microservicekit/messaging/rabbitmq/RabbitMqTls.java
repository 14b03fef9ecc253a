package io.microservicekit.messaging.rabbitmq;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted connections. The broker's chain of certificates and its host name are always verified, and nothing falls back to plaintext; there is no
 * option to change either. Immutable.
 */
public final class RabbitMqTls {
    private final @Nullable RabbitMqStore trust;
    private final @Nullable RabbitMqStore identity;
    private final Set<Protocol> protocols;

    /** A version of TLS. Older ones are broken and not offered. */
    public enum Protocol {
        /** TLS 1.2. */
        TLS_1_2("TLSv1.2"),
        /** TLS 1.3. */
        TLS_1_3("TLSv1.3");

        private final String nativeName;

        Protocol(String nativeName) {
            this.nativeName = nativeName;
        }

        /**
         * The name that Java uses.
         *
         * @return for example {@code TLSv1.3}
         */
        public String nativeName() {
            return nativeName;
        }
    }

    private RabbitMqTls(Builder builder) {
        this.trust = builder.trust;
        this.identity = builder.identity;
        this.protocols = Collections.unmodifiableSet(EnumSet.copyOf(builder.protocols));
    }

    /**
     * TLS that trusts the authorities that this Java trusts, without a certificate of our own.
     *
     * @return TLS with the defaults
     */
    public static RabbitMqTls systemTrust() {
        return builder().build();
    }

    /**
     * A builder with the defaults: the authorities that this Java trusts, no certificate of our own, TLS 1.3 and 1.2.
     *
     * @return a new builder, not thread-safe
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whose certificates are trusted.
     *
     * @return a store of authorities, null for those that this Java trusts
     */
    public @Nullable RabbitMqStore trust() {
        return trust;
    }

    /**
     * Who we are (mutual TLS).
     *
     * @return a store with our private key and certificates, null when we show none
     */
    public @Nullable RabbitMqStore identity() {
        return identity;
    }

    /**
     * The versions that may be spoken.
     *
     * @return at least one
     */
    public Set<Protocol> protocols() {
        return protocols;
    }

    /** Where the stores are, without their passwords. */
    @Override
    public String toString() {
        List<String> versions = new ArrayList<>();
        protocols.forEach(protocol -> versions.add(protocol.nativeName()));
        return "RabbitMqTls[trust=" + (trust == null ? "system" : trust) + ", identity="
                + (identity == null ? "none" : identity) + ", protocols=" + versions + "]";
    }

    /** Collects the settings of TLS. Not thread-safe. */
    public static final class Builder {
        private final EnumSet<Protocol> protocols = EnumSet.allOf(Protocol.class);
        private @Nullable RabbitMqStore trust;
        private @Nullable RabbitMqStore identity;

        private Builder() {}

        /**
         * Trusts the authorities in a store instead of those that this Java trusts.
         *
         * @param store a store of certificates
         * @return this builder
         */
        public Builder trust(RabbitMqStore store) {
            this.trust = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Shows a certificate of our own to brokers that ask for one (mutual TLS).
         *
         * @param store a store with a private key and its certificates
         * @return this builder
         */
        public Builder identity(RabbitMqStore store) {
            this.identity = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Limits the versions that may be spoken.
         *
         * @param first one version, default TLS 1.3 and 1.2
         * @param more further ones
         * @return this builder
         */
        public Builder protocols(Protocol first, Protocol... more) {
            Objects.requireNonNull(first, "first");
            Objects.requireNonNull(more, "more");
            protocols.clear();
            protocols.add(first);
            for (Protocol other : more) {
                protocols.add(Objects.requireNonNull(other, "more"));
            }
            return this;
        }

        /**
         * The settings of TLS.
         *
         * @return immutable settings
         */
        public RabbitMqTls build() {
            return new RabbitMqTls(this);
        }
    }
}
