package io.microservicekit.messaging.rabbitmq;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address with everything in it, read by ourselves: what the driver cannot read it repeats, credentials included. Immutable.
 *
 * @param tls whether it begins with {@code amqps}
 * @param user null when there is none
 * @param password null when there is none; a secret
 * @param address {@code host:port}
 * @param virtualHost null when there is none
 */
record AmqpUrl(
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        String address,
        @Nullable String virtualHost) {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9_.-]+)(?::([0-9]+))?");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    static final int PORT = 5672;
    static final int TLS_PORT = 5671;

    /** @throws IllegalArgumentException with the end of a sentence that says what is wrong and repeats nothing of it but host and port */
    static AmqpUrl of(String text) {
        String url = text.strip();
        boolean tls = url.regionMatches(true, 0, "amqps://", 0, 8);
        if (!tls && !url.regionMatches(true, 0, "amqp://", 0, 7)) {
            throw new IllegalArgumentException("must begin with amqp:// or amqps://");
        }
        String rest = url.substring(tls ? 8 : 7);
        if (rest.indexOf('?') >= 0 || rest.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "has a query or a fragment, which is not read: set such things by options");
        }
        // A password may hold an @ that is not escaped: the last one ends it.
        int at = rest.lastIndexOf('@');
        int slash = rest.indexOf('/');
        if (slash >= 0 && slash < at) {
            // Either the password goes on behind the /, or the virtual host has the @: taken for the wrong one of
            // them the credentials would go to another host.
            throw new IllegalArgumentException(
                    "has a / before its last @, so that it does not say which host it means; within user, password and virtual host write @ as %40 and / as %2F");
        }
        String host = rest.substring(at + 1, slash < 0 ? rest.length() : slash);
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        return of(tls, at < 0 ? null : rest.substring(0, at), address(host, tls ? TLS_PORT : PORT), path);
    }

    private static AmqpUrl of(boolean tls, @Nullable String login, String address, String path) {
        if (path.indexOf('/') >= 0) {
            throw new IllegalArgumentException("has a / in its virtual host, write it as %2F");
        }
        String virtualHost = path.isEmpty() ? null : decoded(path, "virtual host");
        if (login == null) {
            return new AmqpUrl(tls, null, null, address, virtualHost);
        }
        int colon = login.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(
                    "has a user without a password, or the other way round; write user:password@");
        }
        String user = decoded(login.substring(0, colon), "user");
        return new AmqpUrl(tls, user, decoded(login.substring(colon + 1), "password"), address, virtualHost);
    }

    /** {@code host:port} with a default port. */
    static String address(String host, int defaultPort) {
        Matcher matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must name a host and a port, an IPv6 address in brackets as [::1]:5672");
        }
        String port = matcher.group(2);
        if (port == null) {
            return matcher.group(1) + ":" + defaultPort;
        }
        if (port.length() > 5 || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("has a port out of range, must be from 1 to 65535");
        }
        return host;
    }

    private static String decoded(String text, String what) {
        if (BROKEN_ESCAPE.matcher(text).find()) {
            throw new IllegalArgumentException("has a % in its " + what + " that begins no escape, write it as %25");
        }
        // The decoder is made for forms, where a plus stands for a blank.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return (tls ? "amqps://" : "amqp://") + address;
    }
}
