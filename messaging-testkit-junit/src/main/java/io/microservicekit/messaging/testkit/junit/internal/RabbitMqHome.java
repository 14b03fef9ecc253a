package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/** The directory of one node, and the environment by which its processes find everything in there. */
final class RabbitMqHome {
    private static final String LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}";
    private static final String NO_BUSY_WAITING = " +sbwt none +sbwtdcpu none +sbwtdio none";
    private static final int COOKIE_BYTES = 20;

    private final RabbitMqInstallation installation;
    private final BrokerHome home;

    RabbitMqHome(RabbitMqInstallation installation, BrokerHome home) {
        this.installation = installation;
        this.home = home;
    }

    BrokerHome directory() {
        return home;
    }

    void write(String file, String text) {
        try {
            Files.writeString(home.root().resolve(file), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file + " of a RabbitMQ node to " + home.root() + " failed", e);
        }
    }

    /** Copies a file into the directory; returns its path as the node sees it. */
    String copy(Path file, String name) {
        try {
            Path copy = home.root().resolve(name);
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            return installation.seen(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("copying " + file + " for a RabbitMQ node failed", e);
        }
    }

    /** Makes the secret that {@code rabbitmqctl} and the node share, unless a former run did. */
    void makeCookie() {
        Path cookie = home.root().resolve(".erlang.cookie");
        if (Files.exists(cookie)) {
            return;
        }
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < COOKIE_BYTES; i++) {
            text.append((char) ('A' + random.nextInt(26)));
        }
        write(".erlang.cookie", text.toString());
        try {
            Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        } catch (IOException e) {
            throw new UncheckedIOException("restricting " + cookie + " to its owner failed", e);
        }
    }

    /** Nothing of the machine's own node: neither its name, its files nor its directory of nodes. */
    Map<String, String> environment(RabbitMqPorts ports) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("HOME", seen(""));
        all.put("LANG", "C.UTF-8");
        all.put("LC_ALL", "C.UTF-8");
        all.put("RABBITMQ_NODENAME", "rabbit@localhost");
        all.put("RABBITMQ_DIST_PORT", String.valueOf(ports.distribution()));
        all.put("RABBITMQ_MNESIA_BASE", seen("data"));
        all.put("RABBITMQ_LOG_BASE", seen("log"));
        all.put("RABBITMQ_LOGS", "-");
        all.put("RABBITMQ_CONFIG_FILE", seen("rabbitmq.conf"));
        all.put("RABBITMQ_ADVANCED_CONFIG_FILE", seen("advanced.config"));
        all.put("RABBITMQ_ENABLED_PLUGINS_FILE", seen("enabled_plugins"));
        all.put("RABBITMQ_PID_FILE", seen("pid"));
        all.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        all.put("ERL_CRASH_DUMP", seen("erl_crash.dump"));
        all.put("ERL_EPMD_PORT", String.valueOf(ports.epmd()));
        all.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        all.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", LOOPBACK + NO_BUSY_WAITING);
        // Where the own epmd does not answer, no other is started: nobody would own it. Also not by the short-lived
        // process that the node starts to
        // make sure of it, when it begins and each minute: after the node's death it would find none.
        all.put("ERL_AFLAGS", "-start_epmd false");
        all.put("RABBITMQ_CTL_ERL_ARGS", LOOPBACK);
        // The script becomes the node instead of waiting for it: one process to signal.
        all.put("RUNNING_UNDER_SYSTEMD", "true");
        return all;
    }

    private String seen(String name) {
        return installation.seen(home.root().resolve(name));
    }
}
