package io.microservicekit.messaging.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Setting;
import io.microservicekit.messaging.api.spi.Settings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static Arguments row(String type, Object given, Object read) {
        return Arguments.of(type, given, read);
    }

    static List<Arguments> values() {
        return List.of(
                row("text", "a", "a"),
                row("flag", true, true),
                row("flag", "false", false),
                row("flag", " TRUE ", true),
                row("number", 10, 10),
                row("number", 10L, 10),
                row("number", BigInteger.TEN, 10),
                row("number", "-7", -7),
                row("duration", Duration.ofMillis(3), Duration.ofMillis(3)),
                row("duration", "500ms", Duration.ofMillis(500)),
                row("duration", "30 s", Duration.ofSeconds(30)),
                row("duration", "5m", Duration.ofMinutes(5)),
                row("duration", "1h", Duration.ofHours(1)),
                row("duration", "2d", Duration.ofDays(2)),
                row("duration", "7us", Duration.ofNanos(7_000)),
                row("duration", "9ns", Duration.ofNanos(9)),
                row("duration", "PT0.5S", Duration.ofMillis(500)),
                row("duration", "-5s", Duration.ofSeconds(-5)),
                row("list", "a,b", List.of("a,b")),
                row("list", List.of("a", "b"), List.of("a", "b")),
                row("choice", "handle_me", Choice.HANDLE_ME),
                row("choice", "Handle-Me", Choice.HANDLE_ME),
                row("choice", Choice.OTHER, Choice.OTHER),
                row("others", 3, "3"),
                row("others", true, "true"),
                row("others", new BigDecimal("1E+3"), "1000"),
                row("others", List.of("a", 1), "a,1"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("values")
    void aValueOfTheRightTypeIsPassedOn(String type, Object given, Object read) {
        Settings settings = Settings.of(List.of(), Map.of("some_option", given));
        List<Object> passed = new ArrayList<>();

        READERS.get(type).accept(settings, passed::add);

        assertThat(passed).containsExactly(read);
        assertThat(settings.violations()).isEmpty();
    }

    static List<Arguments> mistakes() {
        return List.of(
                row("text", 5, "'some_option' is of type Integer (5), must be a text"),
                row("flag", "yes", "is of type String (yes), must be true or false"),
                row("flag", 1, "is of type Integer (1), must be true or false"),
                row("number", "ten", "is of type String (ten), must be a whole number"),
                row("number", 3.7, "is of type Double (3.7), must be a whole number"),
                row("number", true, "is of type Boolean (true), must be a whole number"),
                row("number", new ArrayList<>(List.of(1)), "is of type ArrayList, must be a whole number"),
                row("number", Long.MAX_VALUE, "is of type Long (9223372036854775807), must be a whole number"),
                row("number", "99999999999999999999999", "must be a whole number from"),
                row("duration", "5", "is of type String (5), must be a duration with a unit"),
                row("duration", 5, "is of type Integer (5), must be a duration with a unit"),
                row("duration", "5 parsecs", "must be a duration with a unit"),
                row("duration", "999999999999999999d", "must be a duration with a unit"),
                row("duration", "PT" + "9".repeat(30) + "S", "must be a duration with a unit"),
                row("duration", "", "must be a duration with a unit"),
                row("list", 5, "is of type Integer (5), must be a text or a list of texts"),
                row("list", List.of("user:hunter2@h:9092", 5), ", must be a text or a list of texts"),
                row("choice", "neither", "is of type String (neither), must be handle_me or other"),
                row("others", Map.of("a", "b"), ", must be a text, a number, true, false or a list of them"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void aValueOfTheWrongTypeIsAViolationThatNamesKeyTypeAndWhatIsWanted(String type, Object given, String text) {
        Settings settings = Settings.of(List.of(), Map.of("some_option", given));

        READERS.get(type).accept(settings, value -> {
            throw new AssertionError("passed on: " + value);
        });

        assertThat(settings.violations())
                .singleElement()
                .asString()
                .contains("'some_option'")
                .contains(text);
        assertThat(settings.violations().toString()).doesNotContain("hunter2");
    }

    @Test
    void theValueOfAKeyThatMayBeSecretIsNeverShown() {
        for (String key :
                List.of("password", "sasl.jaas.config", "ssl.keystore.key", "api_token", "url", "client_secret")) {
            Settings settings = Settings.of(List.of(), Map.of(key, "hunter2"));

            settings.number(key, value -> {});

            assertThat(settings.violations().toString()).contains(key, "String").doesNotContain("hunter2");
            assertThat(settings.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void allViolationsAreCollectedAndNamedAsTheUserWroteThem() {
        Map<String, Setting> values = new LinkedHashMap<>();
        values.put("one", new Setting("MESSAGING_KAFKA_ONE", "x\ny"));
        values.put("two", new Setting("kafka.two", 1.5));
        Settings settings = new Settings(List.of(), null, values);

        settings.number("one", value -> {});
        settings.flag("two", value -> {});
        settings.violation("of the backend's own");

        assertThat(settings.violations()).hasSize(3);
        assertThat(settings.violations().get(0))
                .startsWith("'MESSAGING_KAFKA_ONE' is")
                .contains("(x\\u000ay)");
        assertThat(settings.violations().get(1)).startsWith("'kafka.two' is");
    }

    @Test
    void whatWasReadIsNotAmongTheOthers() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("mine", 1);
        values.put("driver.one", 2);
        values.put("driver.two", "x");
        Settings settings = Settings.of(List.of(), values);
        Map<String, String> others = new LinkedHashMap<>();

        settings.number("mine", value -> {});
        settings.others(others::put);

        assertThat(others).containsExactly(Map.entry("driver.one", "2"), Map.entry("driver.two", "x"));
    }

    @Test
    void aMissingValueIsNeitherPassedOnNorAViolation() {
        Settings settings = Settings.of(List.of("h:1"), Map.of());

        READERS.values()
                .forEach(reader -> reader.accept(settings, value -> {
                    throw new AssertionError("passed on: " + value);
                }));

        assertThat(settings.violations()).isEmpty();
        assertThat(settings.brokers()).containsExactly("h:1");
        assertThat(settings.url()).isNull();
    }

    @Test
    void shownTextIsOneShortLine() {
        assertThat(Shown.text("a\r\n2026 ERROR fake\u2028\u202e"))
                .isEqualTo("a\\u000d\\u000a2026 ERROR fake\\u2028\\u202e");
        assertThat(Shown.text("x".repeat(1_000))).hasSize(257).endsWith("…");
        assertThat(Shown.text(null)).isEqualTo("null");
    }

    private enum Choice {
        HANDLE_ME,
        OTHER
    }

    private static final Map<String, BiConsumer<Settings, Consumer<Object>>> READERS = Map.of(
            "text", (settings, use) -> settings.text("some_option", use::accept),
            "flag", (settings, use) -> settings.flag("some_option", use::accept),
            "number", (settings, use) -> settings.number("some_option", use::accept),
            "duration", (settings, use) -> settings.duration("some_option", use::accept),
            "list", (settings, use) -> settings.list("some_option", use::accept),
            "choice", (settings, use) -> settings.choice("some_option", Choice.class, use::accept),
            "others", (settings, use) -> settings.others((key, text) -> use.accept(text)));
}
