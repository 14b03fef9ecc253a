package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupTopicsConcurrentTest {
    @Test
    void consumersOfManyThreadsNeverSubscribeDifferentTopicsInAGroupAtOnce() throws InterruptedException {
        GroupTopics groups = new GroupTopics();
        AtomicInteger ones = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        AtomicInteger mixed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean one = i % 2 == 0;
            AtomicInteger mine = one ? ones : others;
            AtomicInteger theirs = one ? others : ones;
            threads.add(new Thread(() -> {
                for (int round = 0; round < 20_000; round++) {
                    try {
                        groups.join("g", List.of(one ? "a" : "b"));
                    } catch (InvalidConfigurationException e) {
                        continue;
                    }
                    mine.incrementAndGet();
                    if (theirs.get() > 0) {
                        mixed.incrementAndGet();
                    }
                    mine.decrementAndGet();
                    groups.leave("g");
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(mixed).hasValue(0);
        groups.join("g", List.of("c"));
    }
}
