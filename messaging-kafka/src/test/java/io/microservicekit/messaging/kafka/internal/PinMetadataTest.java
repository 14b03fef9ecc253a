package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinMetadataTest {
    private static final String ID = Uuid.randomUuid().toString();

    @Test
    void countAndIdComeBack() {
        assertThat(new PinMetadata(12, ID).write()).isEqualTo("v1;n=12;t=" + ID);
        assertThat(PinMetadata.read("v1;n=12;t=" + ID)).isEqualTo(new PinMetadata(12, ID));
        assertThat(PinMetadata.read("v1;n=12;t=" + ID + ";later=field")).isEqualTo(new PinMetadata(12, ID));
    }

    @Test
    void withoutAnIdItIsWhatEarlierVersionsWrite() {
        assertThat(new PinMetadata(12, null).write()).isEqualTo("v1;n=12");
        assertThat(PinMetadata.read("v1;n=12")).isEqualTo(new PinMetadata(12, null));
        assertThat(PinMetadata.read("v1;n=12;later=field")).isEqualTo(new PinMetadata(12, null));
        assertThat(PinMetadata.read("v1;n=12;t=no-id")).isEqualTo(new PinMetadata(12, null));
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
    void foreignMetadataTellNothing(String foreign) {
        assertThat(PinMetadata.read(foreign)).isNull();
    }
}
