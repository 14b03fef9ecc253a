package io.microservicekit.messaging.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ErrorsDocumentTest {
    @Test
    void theDocumentIsWhatTheEnumSays() throws IOException {
        if (Boolean.getBoolean("messaging.docs.write")) {
            Files.writeString(ErrorsDocument.FILE, ErrorsDocument.text());
        }

        assertThat(ErrorsDocument.FILE)
                .as("stale; regenerate it by"
                        + " mvn -pl messaging-api test -Dtest=ErrorsDocumentTest -Dmessaging.docs.write=true")
                .hasContent(ErrorsDocument.text());
    }
}
