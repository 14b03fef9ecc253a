package io.microservicekit.messaging.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** What happened, in order. Guarded by the lock of its world. */
final class EventLog {
    private final List<Entry> entries = new ArrayList<>();

    EventLog() {}

    void add(long time, String node, String event) {
        entries.add(new Entry(time, node, event));
    }

    List<String> lines() {
        return last(entries.size());
    }

    List<String> last(int count) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries.subList(Math.max(0, entries.size() - count), entries.size())) {
            lines.add(entry.line());
        }
        return Collections.unmodifiableList(lines);
    }

    String digest() {
        MessageDigest digest = sha256();
        for (Entry entry : entries) {
            digest.update(entry.line().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK lacks SHA-256, which every JDK must have", e);
        }
    }

    /** Formatted only when asked for: a run of many steps must not pay for text that nobody reads. */
    private record Entry(long time, String node, String event) {
        String line() {
            return "t=" + time + " " + node + " " + event;
        }
    }
}
