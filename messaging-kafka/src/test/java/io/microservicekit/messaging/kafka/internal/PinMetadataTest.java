package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinMetadataTest {
    @Test
    void theCountComesBack() {
        assertThat(PinMetadata.write(12)).isEqualTo("v1;n=12");
        assertThat(PinMetadata.read("v1;n=12")).isEqualTo(12);
        assertThat(PinMetadata.read("v1;n=12;later=field")).isEqualTo(12);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "v1",
                "v1;n=",
                "v1;n=00",
                "v1;n=-1",
                "v1;n=x",
                "v1;n=9999999999",
                "v2;n=3",
                " v1;n=3",
                "my-host",
                "{\"n\":3}"
            })
    void foreignMetadataTellNoCount(String foreign) {
        assertThat(PinMetadata.read(foreign)).isNull();
    }
}
