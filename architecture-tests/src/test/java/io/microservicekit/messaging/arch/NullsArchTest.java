package io.microservicekit.messaging.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Null, where nothing allows it, is given to each parameter of each public method that users call: the answer names the parameter, or has the error code
 * that the Go library had for it.
 */
class NullsArchTest {
    private static final int AT_LEAST = 200;
    private static Samples samples = new Samples();

    @BeforeAll
    static void open() {
        samples = new Samples();
    }

    @AfterAll
    static void close() {
        samples.close();
    }

    @Test
    void nullThatNothingAllowsIsNamed() {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (NullCall call : calls().toList()) {
            String answer = call.answer(samples);
            asked++;
            if (!answer.isEmpty()) {
                wrong.add(call + ": " + answer);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).as("calls with null").isGreaterThan(AT_LEAST);
    }

    @Test
    void whoTakesNullOrDoesNotNameItIsFound() {
        assertThat(NullCall.of(Planted.class).map(call -> call.answer(samples)))
                .containsExactlyInAnyOrder(
                        "null was taken", "java.lang.NullPointerException without the name of what is null", "", "");
    }

    private static Stream<NullCall> calls() {
        return Module.all().stream()
                .flatMap(module -> module.classes().stream())
                .filter(NullsArchTest::isForUsers)
                .map(JavaClass::reflect)
                .flatMap(NullCall::of);
    }

    /** What adapters and engine call is theirs to keep; a fixture's own process is not started for this. */
    private static boolean isForUsers(JavaClass type) {
        String name = type.getPackageName();
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !name.contains(".internal")
                && !name.startsWith(Module.API.root() + ".spi")
                && !name.startsWith(Module.TESTKIT_JUNIT.root());
    }

    /** Right and wrong ways. */
    public static final class Planted {
        /** Keeps it. */
        public Planted(String kept) {
            this(kept.length());
        }

        /** Names it. */
        public Planted(StringBuilder named) {
            this(java.util.Objects.requireNonNull(named, "named").length());
        }

        private Planted(int length) {
            assert length >= 0;
        }

        /** Takes it. */
        public static boolean taken(String taken) {
            return taken == null;
        }

        /** May be null. */
        public static void allowed(@org.jspecify.annotations.Nullable String allowed) {
            assert allowed == null;
        }

        /** Answers by a code. */
        public static void coded(String topic) {
            if (topic == null) {
                throw new io.microservicekit.messaging.api.message.InvalidMessageException(
                        io.microservicekit.messaging.api.message.ErrorCode.EMPTY_TOPIC, "no topic");
            }
        }
    }
}
