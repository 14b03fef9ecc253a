package io.microservicekit.messaging.testkit.junit.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.testkit.junit.Echo;
import io.microservicekit.messaging.testkit.junit.internal.ProxiedListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Threads that talk through a proxy meet one that changes its faults, and a pump meets the faults of both its threads. */
class FaultProxyConcurrentTest {
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 300;
    /** Without an end to them, resets that come faster than an answer would keep everybody from getting one. */
    private static final int CHANGES = 2_000;

    @Test
    void whileFaultsChangeEachAnswerIsRightOrTheConnectionIsCut() throws Exception {
        long seed = Long.getLong("seed", 17);
        try (Echo echo = new Echo()) {
            ProxiedListener place = ProxiedListener.before(echo.port());
            Faults faults = new Faults();
            ProxyListener listener = new ProxyListener(place.proxyAddress(), place.address(), faults);
            listener.listen();
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(talking(place.proxyAddress())));
            }
            change(faults, listener, clients, new SplittableRandom(seed));
            for (Future<Integer> client : clients) {
                assertThat(client.get()).as("answers, seed %s", seed).isEqualTo(ROUNDS);
            }
            listener.refuse();
            threads.shutdown();
        }
    }

    private static void change(
            Faults faults, ProxyListener listener, List<Future<Integer>> clients, SplittableRandom random) {
        for (int i = 0; i < CHANGES && !clients.stream().allMatch(Future::isDone); i++) {
            switch (random.nextInt(6)) {
                case 0 -> faults.stall(true, false);
                case 1 -> faults.delay(100_000, 50_000);
                case 2 -> faults.throttle(10_000_000);
                case 3 -> faults.cutAfter(random.nextInt(100));
                case 4 -> listener.reset();
                default -> faults.heal();
            }
            faults.heal();
        }
    }

    /** Speaks until it has got as many right answers; a cut connection is opened anew. */
    private static Callable<Integer> talking(InetSocketAddress address) {
        return () -> {
            int answers = 0;
            while (answers < ROUNDS) {
                try (Socket client = new Socket()) {
                    client.connect(address);
                    client.setSoTimeout(10_000);
                    while (answers < ROUNDS) {
                        client.getOutputStream().write(answers);
                        int answer = client.getInputStream().read();
                        if (answer >= 0) {
                            assertThat(answer).isEqualTo(answers & 0xff);
                            answers++;
                        }
                    }
                } catch (IOException e) {
                    // It was cut.
                }
            }
            return answers;
        };
    }

    @Test
    void whatOneThreadOfAPumpReadsTheOtherWritesInOrderWhateverTheDelay() throws Exception {
        Faults faults = new Faults();
        faults.delay(1_000_000, 1_000_000);
        Pump pump = new Pump(faults, true);
        try (Echo echo = new Echo();
                Socket from = connect(echo);
                Socket to = connect(echo)) {
            ExecutorService reader = Executors.newSingleThreadExecutor();
            byte[] sent = new byte[50_000];
            new SplittableRandom(1).nextBytes(sent);
            Future<?> reading = reader.submit(() -> {
                pump.read(from);
                return null;
            });
            Future<byte[]> arriving = Executors.newSingleThreadExecutor()
                    .submit(() -> to.getInputStream().readAllBytes());
            Future<?> sending = Executors.newSingleThreadExecutor().submit(() -> {
                from.getOutputStream().write(sent);
                from.shutdownOutput();
                return null;
            });
            assertThat(pump.write(to)).isTrue();
            sending.get();
            reading.get();
            assertThat(arriving.get()).isEqualTo(sent);
        }
    }

    @Test
    void aConnectionThatIsResetByTwoThreadsEndsOnce() throws Exception {
        try (Echo echo = new Echo();
                Socket client = connect(echo)) {
            List<ProxyConnection> ended = new ArrayList<>();
            ProxyConnection connection = new ProxyConnection(client, new Faults(), ended::add);
            ExecutorService other = Executors.newSingleThreadExecutor();
            Future<?> first = other.submit(connection::reset);
            first.get();
            connection.reset();
            assertThat(client.isClosed()).isTrue();
            assertThat(ended).containsOnly(connection);
        }
    }

    private static Socket connect(Echo echo) throws IOException {
        Socket socket = new Socket();
        socket.connect(new ProxiedListener(echo.port(), 0, List.of()).address());
        return socket;
    }
}
