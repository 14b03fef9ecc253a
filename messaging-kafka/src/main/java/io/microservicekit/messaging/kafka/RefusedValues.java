package io.microservicekit.messaging.kafka;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The driver settings of which only some values keep our promises. */
final class RefusedValues {
    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";
    /**
     * One of the modules that only hold credentials; the JDK and Kafka have others, which ask a directory that the setting names (JNDI, LDAP). Outside
     * of quotes nothing may hide or begin another one: no comment, and no semicolon but the last.
     */
    private static final Pattern LOGIN =
            Pattern.compile("(org\\.apache\\.kafka\\.common\\.security\\.plain\\.PlainLoginModule"
                    + "|org\\.apache\\.kafka\\.common\\.security\\.scram\\.ScramLoginModule"
                    + "|org\\.apache\\.kafka\\.common\\.security\\.oauthbearer\\.OAuthBearerLoginModule"
                    + "|com\\.sun\\.security\\.auth\\.module\\.Krb5LoginModule)\\s"
                    + "(?:[^\"';/]++|\"(?:[^\"\\\\\r\n]++|\\\\[^\r\n])*+\"|'(?:[^'\\\\\r\n]++|\\\\[^\r\n])*+')*+;\\s*");

    private static final Map<String, Rule> RULES = rules();

    private RefusedValues() {}

    private record Rule(Predicate<String> allowed, String reason) {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        addNumbers(rules);
        addTls(rules);
        addSasl(rules);
        rules.put(
                "group.protocol",
                new Rule(oneOf("classic", "consumer"), "must be classic or consumer; use groupProtocol(..)"));
        rules.put(
                "metric.reporters",
                new Rule(
                        oneOf("", "org.apache.kafka.common.metrics.jmxreporter"),
                        "they load classes by name; leave it empty, and use the client's observer or meters()"));
        return rules;
    }

    private static void addNumbers(Map<String, Rule> rules) {
        rules.put(
                "max.in.flight.requests.per.connection",
                new Rule(number(1, 5), "must be from 1 to 5: more breaks the order"));
        rules.put(
                "retries",
                new Rule(
                        number(1, Integer.MAX_VALUE),
                        "must be from 1: without retries each change of a leader loses sends"));
        rules.put("linger.ms", millis(0, 86_400_000));
        addMillis(rules);
    }

    /** As the options of {@link KafkaOptionsBuilder} that say the same. */
    private static void addMillis(Map<String, Rule> rules) {
        rules.put("request.timeout.ms", millis(100, 60_000));
        rules.put("session.timeout.ms", millis(1_000, 1_800_000));
        rules.put("max.poll.interval.ms", millis(6_000, 86_400_000));
        rules.put("metadata.max.age.ms", millis(100, 86_400_000));
    }

    private static Rule millis(long least, long most) {
        return new Rule(number(least, most), "must be milliseconds from " + least + " to " + most);
    }

    private static void addTls(Map<String, Rule> rules) {
        rules.put(
                "security.protocol",
                new Rule(
                        oneOf("plaintext", "ssl", "sasl_plaintext", "sasl_ssl"),
                        "must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; use tls(..) and sasl(..)"));
        rules.put(
                "ssl.endpoint.identification.algorithm",
                new Rule(oneOf("https"), "host names are always verified (https); leave it out"));
        rules.put(
                "ssl.trustmanager.algorithm",
                new Rule(oneOf("pkix", "sunx509"), "certificates are always verified (PKIX); leave it out"));
        Rule versions = new Rule(
                value -> all(value, oneOf("tlsv1.2", "tlsv1.3")),
                "older versions than TLSv1.2 are broken; use TLSv1.2 and TLSv1.3");
        rules.put("ssl.protocol", versions);
        rules.put("ssl.enabled.protocols", versions);
        rules.put(
                "ssl.cipher.suites",
                new Rule(
                        value -> all(value, suite -> !suite.contains("_anon_") && !suite.contains("_NULL_")),
                        "suites with _anon_ or _NULL_ in their names verify or encrypt nothing; leave them out"));
    }

    private static void addSasl(Map<String, Rule> rules) {
        rules.put(
                "sasl.jaas.config",
                new Rule(
                        value -> LOGIN.matcher(value).matches(),
                        "only the login modules Plain, Scram and OAuthBearer of Kafka and Krb5LoginModule are allowed, one of"
                                + " them, without a comment, a slash outside of quotes or anything behind its semicolon; others look names up at places that the setting names"
                                + " (JNDI, LDAP)"));
        rules.put(
                "sasl.login.callback.handler.class",
                new Rule(
                        value -> value.equals(OAUTH + "OAuthBearerLoginCallbackHandler"),
                        "it sees credentials; only " + OAUTH + "OAuthBearerLoginCallbackHandler is allowed"));
        Rule tokens = new Rule(
                value -> value.startsWith(OAUTH), "it sees tokens; only classes of " + OAUTH + "* are allowed");
        rules.put("sasl.oauthbearer.jwt.retriever.class", tokens);
        rules.put("sasl.oauthbearer.jwt.validator.class", tokens);
    }

    /** Why a value is refused, null when it may pass. */
    static @Nullable String reason(String name, String value) {
        Rule rule = RULES.get(name);
        return rule == null || rule.allowed().test(value) ? null : rule.reason();
    }

    private static Predicate<String> oneOf(String... allowed) {
        List<String> values = Arrays.asList(allowed);
        return value -> values.contains(value.toLowerCase(Locale.ROOT));
    }

    private static boolean all(String list, Predicate<String> allowed) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).allMatch(allowed);
    }

    private static Predicate<String> number(long least, long most) {
        return value -> value.matches("[0-9]{1,10}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most;
    }
}
