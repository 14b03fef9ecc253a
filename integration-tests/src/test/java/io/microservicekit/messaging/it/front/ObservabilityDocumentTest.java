package io.microservicekit.messaging.it.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.trace.TraceHeaders;
import io.microservicekit.messaging.core.MetricsSnapshot;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/observability.md} against the code: a new figure, event or header needs a row. */
class ObservabilityDocumentTest {
    private final OptionTables tables = OptionTables.read("observability.md");

    private List<String> documented(String table) {
        return tables.rows("rows: " + table).stream().map(row -> row.get(0)).toList();
    }

    @Test
    void eachFigureHasARow() {
        assertThat(documented("metrics"))
                .containsExactlyElementsOf(Stream.of(MetricsSnapshot.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void eachCallOfAnObserverHasARow() {
        assertThat(documented("observer"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(MessagingObserver.class.getDeclaredMethods())
                        .filter(Method::isDefault)
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void eachHeaderOfOursHasARow() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Class<?> type : List.of(ProducerHeaders.class, TraceHeaders.class, DeadLetterHeaders.class)) {
            for (Field constant : type.getFields()) {
                names.add(String.valueOf(constant.get(null)));
            }
        }
        assertThat(documented("headers")).containsExactlyInAnyOrderElementsOf(names);
    }
}
