package io.microservicekit.messaging.it.accounting;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process of its own that writes its ledger until it is killed, and says after each append what it has written. */
final class ForkedWriter {
    static final int THREADS = 3;
    private static final long LIMIT = 5_000_000;

    private ForkedWriter() {}

    public static void main(String[] args) {
        Ledger ledger = Ledger.open(Path.of(args[0]), "victim", 1 << 16);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        for (int i = 0; i < THREADS; i++) {
            String name = "t" + i;
            new Thread(() -> write(ledger, name, out), name).start();
        }
    }

    private static void write(Ledger ledger, String name, PrintStream out) {
        for (long seq = 1; seq <= LIMIT && !out.checkError(); seq++) {
            ledger.append(Event.Sent.intent(new MessageId("orders", name, "key", seq)));
            if (seq % 7 == 0) {
                out.println(name + " " + seq);
            }
        }
    }
}
