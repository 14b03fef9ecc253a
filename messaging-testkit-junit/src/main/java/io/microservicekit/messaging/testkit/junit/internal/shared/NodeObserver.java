package io.microservicekit.messaging.testkit.junit.internal.shared;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An Erlang node beside the broker's, started at the first question and kept: {@code rabbitmqctl} starts one for each, which takes a second, and many on
 * a busy machine. It ends with this JVM, whose end closes its standard input. Any thread may ask; questions wait for each other.
 */
public final class NodeObserver {
    private static final String END = "end";
    private static final String ERROR = "error ";
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

    private final ProcessBuilder command;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Process process;
    private @Nullable BufferedReader answers;

    /**
     * Not started yet.
     *
     * @param command starts a process that answers each line with some lines and then {@code end}, or one line that begins with {@code error}
     */
    public NodeObserver(ProcessBuilder command) {
        this.command = command;
    }

    /**
     * Asks for the queues of a virtual host.
     *
     * @param virtualHost its name
     * @return one line for each: name, type, ready, unacknowledged, consumers, separated by tabs
     * @throws IllegalStateException when the broker does not answer or knows no such virtual host
     */
    public List<String> queues(String virtualHost) {
        lock.lock();
        try {
            return ask(virtualHost);
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException("asking the RabbitMQ node for its queues failed", e);
        } finally {
            lock.unlock();
        }
    }

    private List<String> ask(String question) throws IOException {
        Process running = process;
        BufferedReader reader = answers;
        if (running == null || reader == null || !running.isAlive()) {
            running = command.start();
            reader = new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8));
            process = running;
            answers = reader;
        }
        OutputStream questions = running.getOutputStream();
        questions.write((question + "\n").getBytes(StandardCharsets.UTF_8));
        questions.flush();
        return answer(question, reader);
    }

    private static List<String> answer(String question, BufferedReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = reader.readLine();
        while (line != null && !line.equals(END)) {
            if (line.startsWith(ERROR)) {
                throw new IllegalStateException("asking the RabbitMQ node for the queues of virtual host '" + question
                        + "' failed: " + line.substring(ERROR.length()));
            }
            lines.add(line);
            line = reader.readLine();
        }
        if (line == null) {
            throw new IOException("the observing Erlang node has ended");
        }
        return lines;
    }

    /** Ends the process, if there is one; the next question starts another. */
    public void close() {
        lock.lock();
        try {
            stop();
        } finally {
            lock.unlock();
        }
    }

    private void stop() {
        Process running = process;
        process = null;
        answers = null;
        if (running != null) {
            running.destroyForcibly();
            try {
                boolean unused = running.waitFor(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
