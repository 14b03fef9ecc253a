package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.core.MessagingMetrics;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObserversTest {
    private static final int WARM_UP = 20_000;
    private static final int RECORDS = 200_000;
    private static final System.Logger NO_LOG = logger(new ArrayList<>());
    private static final SendResult RESULT = new SendResult("orders", 0, 1, 2, true, true);
    private static final ReceivedMessage MESSAGE =
            ReceivedMessage.of(Message.builder("orders").build(), MessagePosition.of("orders", 0, 1), "group");
    private final IllegalStateException broken = new IllegalStateException("broken");

    @Test
    void countingASentAndAHandledMessageAllocatesNothing() {
        MessagingMetrics metrics = new MessagingMetrics();
        assertThat(bytesPerRecord(Observers.of(List.of(metrics), NO_LOG))).isLessThanOrEqualTo(1);
        assertThat(metrics.snapshot().messagesSent()).isEqualTo(WARM_UP + RECORDS);
        assertThat(metrics.snapshot().messagesConsumed()).isEqualTo(WARM_UP + RECORDS);
    }

    @Test
    void tellingSeveralObserversAllocatesNothingEither() {
        List<MessagingObserver> two = List.of(new MessagingMetrics(), new MessagingMetrics());
        assertThat(bytesPerRecord(Observers.of(two, NO_LOG))).isLessThanOrEqualTo(1);
    }

    @Test
    void theMeasurementSeesAnObserverThatAllocates() {
        MessagingObserver allocating = new MessagingObserver() {
            private byte[] last = {};

            @Override
            public void sent(SendResult result, long nanos) {
                last = new byte[last.length % 8 + 1];
            }
        };
        assertThat(bytesPerRecord(Observers.of(List.of(allocating), NO_LOG))).isGreaterThan(8);
    }

    private double bytesPerRecord(MessagingObserver observer) {
        tell(observer, WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        tell(observer, RECORDS);
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) RECORDS;
    }

    private void tell(MessagingObserver observer, int records) {
        for (int i = 0; i < records; i++) {
            observer.sent(RESULT, i);
            observer.handled(MESSAGE, i);
            observer.handlerFailed(MESSAGE, broken, i);
        }
    }

    @Test
    void eachObserverIsToldEverythingInOrder() {
        List<String> told = new ArrayList<>();
        everything(Observers.of(List.of(recording("a", told), recording("b", told)), NO_LOG));
        assertThat(told)
                .hasSize(2 * events().size())
                .containsExactlyElementsOf(events().stream()
                        .flatMap(name -> Stream.of("a " + name, "b " + name))
                        .toList());
    }

    @Test
    void anObserverThatThrowsIsLoggedOnceAndKeepsNobodyFromBeingTold() {
        List<String> told = new ArrayList<>();
        List<String> log = new ArrayList<>();
        MessagingObserver throwing = proxy(MessagingObserver.class, (method, arguments) -> {
            throw broken;
        });
        everything(Observers.of(List.of(throwing, recording("b", told)), logger(log)));
        assertThat(told).hasSize(events().size());
        assertThat(log)
                .singleElement()
                .asString()
                .startsWith("WARNING Observer ")
                .contains(" threw");
    }

    private void everything(MessagingObserver observer) {
        MessagingException cause = new MessagingException(ErrorCode.SEND_MESSAGE, "send to orders: refused");
        observer.sent(RESULT, 1);
        observer.sendFailed("orders", cause);
        observer.handled(MESSAGE, 1);
        observer.handlerFailed(MESSAGE, broken, 1);
        observer.handlerTimedOut(new HandlerTimedOut(MESSAGE, Duration.ofSeconds(1), false));
        observer.retryScheduled(new RetryScheduled(MESSAGE, 1, Duration.ofSeconds(1), broken));
        observer.exhausted(new MessageExhausted(MESSAGE, broken));
        observer.deadLettered(new DeadLettered(MESSAGE, RESULT));
        observer.deadLetterFailed(new DeadLetterFailed(MESSAGE, 1, Duration.ofSeconds(1), broken));
        observer.resultDropped(new ResultDropped("orders", 0, 1));
        observer.positionReset(new PositionReset("orders", 0, 1, 2));
        observer.subscriptionFailed("group", cause);
    }

    private List<String> events() {
        List<String> told = new ArrayList<>();
        everything(recording("", told));
        assertThat(told).hasSize(MessagingObserver.class.getDeclaredMethods().length);
        return told.stream().map(String::strip).toList();
    }

    private static MessagingObserver recording(String name, List<String> told) {
        return proxy(MessagingObserver.class, (method, arguments) -> told.add(name + " " + method.getName()));
    }

    private static System.Logger logger(List<String> lines) {
        return proxy(System.Logger.class, (method, arguments) -> lines.add((Level) arguments[0] + " " + arguments[1]));
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            call.made(method, args);
            return null;
        }));
    }

    private interface Call {
        void made(Method method, Object[] arguments);
    }
}
