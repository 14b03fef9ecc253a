package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.Shown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What addresses, URLs and the options beside them say together: one cluster, one virtual host, one user. */
final class BrokerAddresses {
    private static final String GUEST = "guest";

    private final List<String> violations;
    private final Set<String> addresses = new LinkedHashSet<>();
    private final List<AmqpUrl> urls = new ArrayList<>();
    private Supplier<RabbitMqCredentials> credentials = () -> new RabbitMqCredentials(GUEST, Secret.of(GUEST));
    private @Nullable RabbitMqTls tls;
    private String virtualHost = "/";

    private BrokerAddresses(List<String> violations) {
        this.violations = violations;
    }

    static BrokerAddresses of(RabbitMqOptionsBuilder options, List<String> violations) {
        BrokerAddresses read = new BrokerAddresses(violations);
        read.readUrls(options.urls);
        read.encryption(options);
        read.login(options);
        read.place(options);
        read.readBrokers(options.brokers);
        read.urls.forEach(url -> read.addresses.add(url.address()));
        return read;
    }

    List<String> addresses() {
        return new ArrayList<>(addresses);
    }

    Supplier<RabbitMqCredentials> credentials() {
        return credentials;
    }

    @Nullable RabbitMqTls tls() {
        return tls;
    }

    String virtualHost() {
        return virtualHost;
    }

    private void readUrls(List<String> given) {
        for (int i = 0; i < given.size(); i++) {
            try {
                urls.add(AmqpUrl.of(given.get(i)));
            } catch (IllegalArgumentException e) {
                violations.add("url[" + i + "] " + e.getMessage());
            }
        }
    }

    private void readBrokers(List<String> given) {
        int port = tls == null ? AmqpUrl.PORT : AmqpUrl.TLS_PORT;
        for (int i = 0; i < given.size(); i++) {
            String broker = given.get(i).strip();
            try {
                if (broker.contains("@") || broker.contains("://")) {
                    throw new IllegalArgumentException("must be host:port; addresses with more in them go to url(..)");
                }
                addresses.add(AmqpUrl.address(broker, port));
            } catch (IllegalArgumentException e) {
                boolean shown = !broker.contains("@");
                violations.add(
                        "brokers[" + i + "]" + (shown ? " '" + Shown.text(broker) + "' " : " ") + e.getMessage());
            }
        }
    }

    private void encryption(RabbitMqOptionsBuilder options) {
        agreed("a scheme", AmqpUrl::tls);
        boolean encrypted = !urls.isEmpty() && urls.get(0).tls();
        tls = options.tls;
        if (encrypted && tls == null) {
            tls = RabbitMqTls.systemTrust();
        } else if (!encrypted && !urls.isEmpty() && tls != null) {
            violations.add("tls(..) contradicts the scheme amqp of the URL, write amqps");
        }
    }

    private void login(RabbitMqOptionsBuilder options) {
        agreed("a user", AmqpUrl::user);
        agreed("a password", AmqpUrl::password);
        String user = urls.isEmpty() ? null : urls.get(0).user();
        String password = urls.isEmpty() ? null : urls.get(0).password();
        if (options.credentials != null) {
            credentials = options.credentials;
            if (user != null) {
                violations.add("credentials(..) contradict those in the URL, give them once");
            }
        } else if (user != null && password != null) {
            RabbitMqCredentials fixed = new RabbitMqCredentials(user, Secret.of(password));
            credentials = () -> fixed;
        }
    }

    private void place(RabbitMqOptionsBuilder options) {
        agreed("a virtual host", AmqpUrl::virtualHost);
        String inUrl = urls.isEmpty() ? null : urls.get(0).virtualHost();
        String set = options.virtualHost;
        if (inUrl != null && set != null && !inUrl.equals(set)) {
            violations.add("virtualHost '" + Shown.text(set) + "' contradicts '" + Shown.text(inUrl) + "' in the URL");
        }
        if (set != null || inUrl != null) {
            virtualHost = set != null ? set : String.valueOf(inUrl);
        }
        int bytes = virtualHost.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > 255) {
            violations.add("virtualHost must have 1 to 255 bytes, the usual one is /");
        }
    }

    private void agreed(String what, Function<AmqpUrl, @Nullable Object> part) {
        long different = urls.stream().map(part).map(String::valueOf).distinct().count();
        if (different > 1) {
            violations.add("the URLs differ in more than host and port: each has " + what + " of its own");
        }
    }
}
