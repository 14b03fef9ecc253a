package io.microservicekit.messaging.kafka.internal;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Why broker and client would not talk to each other, and what to do: which check failed, or which right is missing. */
final class BrokerRefusals {
    private static final int DEEPEST = 10;

    private BrokerRefusals() {}

    /** A sentence for an error of authentication or authorization, null for others. */
    static @Nullable String text(Throwable error, String operation) {
        if (error instanceof SslAuthenticationException) {
            return tls(error);
        }
        if (error instanceof AuthenticationException) {
            return "the broker refused our credentials (" + error.getMessage()
                    + "). Check mechanism, user and password, and that the user exists there.";
        }
        return error instanceof AuthorizationException ? right(error, operation) : null;
    }

    private static String tls(Throwable error) {
        String reason = deepest(error).getMessage();
        String said = " (" + (reason == null ? error.getMessage() : reason) + "). ";
        if (has(error, CertificateExpiredException.class) || has(error, CertificateNotYetValidException.class)) {
            return "the broker's certificate is not valid at this time" + said + "Renew it, or set the clock.";
        }
        if (has(error, CertPathBuilderException.class) || has(error, CertPathValidatorException.class)) {
            return "no authority that we trust has signed the broker's certificate" + said
                    + "Give its authority to KafkaTls trust(..).";
        }
        if (said.contains("No subject alternative") || said.contains("No name matching")) {
            return "the broker's certificate is not for the host name that we called" + said
                    + "Use an address that the certificate names, in brokers(..) and in what the brokers advertise, or renew the certificate.";
        }
        if (said.contains("alert")) {
            return "the broker ended the TLS handshake" + said
                    + "If it asks for a certificate (mutual TLS), give one that it trusts to KafkaTls identity(..); compare the TLS versions.";
        }
        return "the TLS handshake failed" + said + "Check the certificates on both sides.";
    }

    /** A sentence for a missing right. */
    static String right(Throwable error, String operation) {
        String what = operation + " on the cluster";
        if (error instanceof TopicAuthorizationException topics) {
            what = operation + " on topic " + names(topics.unauthorizedTopics());
        } else if (error instanceof GroupAuthorizationException group) {
            what = "Read on group '" + TopicName.printable(String.valueOf(group.groupId())) + "'";
        } else if (error instanceof ClusterAuthorizationException) {
            what = "that right on the cluster";
        }
        return "our user may not do it (" + error.getMessage() + "). Grant " + what
                + " to it (kafka-acls --add --allow-principal User:…).";
    }

    private static String names(Collection<String> topics) {
        return topics.stream().sorted().map(TopicName::printable).collect(Collectors.joining("', '", "'", "'"));
    }

    private static boolean has(Throwable error, Class<? extends Throwable> type) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Throwable deepest(Throwable error) {
        Throwable deepest = error;
        for (int depth = 0; deepest.getCause() != null && depth < DEEPEST; depth++) {
            deepest = deepest.getCause();
        }
        return deepest;
    }
}
