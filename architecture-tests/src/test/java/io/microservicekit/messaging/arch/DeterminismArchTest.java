package io.microservicekit.messaging.arch;

import static io.microservicekit.messaging.arch.Conditions.isIn;
import static io.microservicekit.messaging.arch.Conditions.notDependOn;
import static io.microservicekit.messaging.arch.Conditions.notReach;
import static io.microservicekit.messaging.arch.Exempt.RUNTIME;
import static io.microservicekit.messaging.arch.HouseRule.classesShould;
import static io.microservicekit.messaging.arch.Module.classesOf;
import static io.microservicekit.messaging.arch.Module.deterministic;
import static io.microservicekit.messaging.arch.Plant.statements;
import static io.microservicekit.messaging.arch.Target.anyKindOf;
import static io.microservicekit.messaging.arch.Target.construction;
import static io.microservicekit.messaging.arch.Target.constructionOfAnyKindOf;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.stream.BaseStream;
import org.junit.jupiter.api.Test;

/** Time, threads, randomness and waiting come from the port ClientRuntime; order never comes from a hash. */
class DeterminismArchTest {
    @Test
    void timeComesFromTheRuntime() {
        classesShould(
                        notReach(
                                Target.of("java.lang.System", "nanoTime", "currentTimeMillis"),
                                Target.of("java.time.Instant", "now"),
                                Target.of("java.time.LocalDateTime", "now"),
                                Target.of("java.time.ZonedDateTime", "now"),
                                Target.of("java.time.OffsetDateTime", "now"),
                                Target.of("java.time.LocalDate", "now"),
                                Target.of("java.time.Clock", "systemUTC", "systemDefaultZone", "system"),
                                Target.of("java.time.InstantSource", "system"),
                                construction("java.util.Date").taking(List::isEmpty)),
                        "simulated time is the only time of a simulated test")
                .except(RUNTIME)
                .refuses(statements(
                        "long now = System.nanoTime()",
                        "java.util.function.LongSupplier ticker = System::currentTimeMillis",
                        "java.time.Instant.now()",
                        "java.time.LocalDateTime.now()",
                        "java.time.ZonedDateTime.now()",
                        "java.time.OffsetDateTime.now()",
                        "java.time.LocalDate.now()",
                        "java.time.Clock.systemUTC()",
                        "java.time.InstantSource.system()",
                        "new Date()"))
                .holdsIn(classesOf(deterministic()));
    }

    @Test
    void threadsComeFromTheRuntime() {
        classesShould(
                        notReach(
                                constructionOfAnyKindOf(Thread.class),
                                Target.of("java.lang.Thread", "startVirtualThread", "ofVirtual", "ofPlatform"),
                                Target.of("java.util.concurrent.Executors"),
                                construction("java.util.concurrent.ThreadPoolExecutor"),
                                construction("java.util.concurrent.ScheduledThreadPoolExecutor"),
                                Target.of("java.util.concurrent.ForkJoinPool"),
                                construction("java.util.Timer")),
                        "a thread of our own is one that the simulation does not schedule")
                .except(RUNTIME)
                .except(Exempt.simulation("SimulatedHandlers"))
                .except(
                        Exempt.type(
                                "rabbitmq.internal.driver.DriverThreads",
                                "the driver reads and beats on threads of its own; it shall make them such that they keep no program alive"))
                .refuses(statements(
                        "new Thread(() -> {}).start()",
                        "java.util.function.Function<Runnable, Thread> factory = Thread::new",
                        "new Thread() { @Override public void run() {} }.start()",
                        "Executors.newCachedThreadPool()",
                        "new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, null)",
                        "new ScheduledThreadPoolExecutor(1)",
                        "ForkJoinPool.commonPool()",
                        "new java.util.Timer()"))
                .holdsIn(classesOf(deterministic()));
    }

    @Test
    void nothingHopsToTheCommonPool() {
        classesShould(
                        notReach(
                                Target.of("java.util.concurrent.CompletableFuture", "runAsync", "supplyAsync")
                                        .taking(DeterminismArchTest::noExecutor),
                                anyKindOf(
                                                CompletableFuture.class,
                                                "thenRunAsync",
                                                "thenApplyAsync",
                                                "thenAcceptAsync",
                                                "thenAcceptBothAsync",
                                                "thenCombineAsync",
                                                "thenComposeAsync",
                                                "runAfterBothAsync",
                                                "runAfterEitherAsync",
                                                "acceptEitherAsync",
                                                "applyToEitherAsync",
                                                "whenCompleteAsync",
                                                "handleAsync",
                                                "exceptionallyAsync",
                                                "exceptionallyComposeAsync",
                                                "completeAsync")
                                        .taking(DeterminismArchTest::noExecutor),
                                anyKindOf(CompletableFuture.class, "orTimeout", "completeOnTimeout"),
                                Target.of("java.util.concurrent.CompletableFuture", "delayedExecutor"),
                                anyKindOf(Collection.class, "parallelStream"),
                                anyKindOf(BaseStream.class, "parallel"),
                                Target.of("java.util.Arrays", "parallelSort", "parallelPrefix", "parallelSetAll")),
                        "the common pool belongs to nobody and ends with nobody")
                .refuses(statements(
                        "CompletableFuture.runAsync(() -> {})",
                        "CompletableFuture.supplyAsync(() -> 1)",
                        "new CompletableFuture<String>().thenRunAsync(() -> {})",
                        "new CompletableFuture<String>().whenCompleteAsync((value, error) -> {})",
                        "new CompletableFuture<String>().orTimeout(1, TimeUnit.SECONDS)",
                        "CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)",
                        "List.of(1).parallelStream()",
                        "IntStream.range(0, 9).parallel()",
                        "Arrays.parallelSort(new int[] {1})"))
                .holdsIn(classesOf(deterministic()));
    }

    private static boolean noExecutor(List<String> parameters) {
        return !parameters.contains("java.util.concurrent.Executor");
    }

    @Test
    void randomnessComesFromTheRuntime() {
        classesShould(
                        notReach(
                                Target.of("java.lang.Math", "random"),
                                construction("java.util.Random"),
                                construction("java.security.SecureRandom"),
                                construction("java.util.SplittableRandom").taking(List::isEmpty),
                                Target.of("java.util.concurrent.ThreadLocalRandom"),
                                Target.of("java.util.random.RandomGenerator", "getDefault", "of"),
                                Target.of("java.util.UUID", "randomUUID"),
                                Target.of("java.util.Collections", "shuffle").taking(types -> types.size() == 1)),
                        "a run must follow from its seed")
                .except(RUNTIME)
                .refuses(statements(
                        "Math.random()",
                        "new Random(1)",
                        "new java.security.SecureRandom()",
                        "new SplittableRandom()",
                        "ThreadLocalRandom.current().nextInt()",
                        "java.util.random.RandomGenerator.getDefault()",
                        "UUID.randomUUID()",
                        "Collections.shuffle(new ArrayList<>())"))
                .holdsIn(classesOf(deterministic()));
    }

    @Test
    void nothingIsIteratedInHashOrder() {
        classesShould(
                        notReach(
                                Target.of("java.util.Map", "of", "copyOf", "ofEntries"),
                                Target.of("java.util.Set", "of", "copyOf"),
                                construction("java.util.HashMap"),
                                construction("java.util.HashSet"),
                                construction("java.util.IdentityHashMap"),
                                construction("java.util.WeakHashMap"),
                                construction("java.util.concurrent.ConcurrentHashMap"),
                                Target.of("java.util.concurrent.ConcurrentHashMap", "newKeySet"),
                                Target.of(
                                        "java.util.stream.Collectors",
                                        "toSet",
                                        "toUnmodifiableSet",
                                        "toUnmodifiableMap",
                                        "groupingByConcurrent",
                                        "toConcurrentMap"),
                                Target.of("java.util.stream.Collectors", "toMap", "groupingBy")
                                        .taking(types -> !types.contains("java.util.function.Supplier")),
                                Target.of("java.lang.System", "identityHashCode")),
                        "hash order differs between two JVMs")
                .except(Exempt.type(
                        "api.message.MessagingException", "a set of visited causes; looked up, never iterated"))
                .refuses(statements(
                        "Map.of(1, 2)",
                        "Map.copyOf(new TreeMap<>())",
                        "Map.ofEntries()",
                        "Set.of(1)",
                        "java.util.function.Function<Set<Integer>, Set<Integer>> copy = Set::copyOf",
                        "new HashMap<>()",
                        "new HashSet<>()",
                        "new IdentityHashMap<>()",
                        "new WeakHashMap<>()",
                        "new ConcurrentHashMap<>()",
                        "ConcurrentHashMap.newKeySet()",
                        "Stream.of(1).collect(Collectors.toSet())",
                        "Stream.of(1).collect(Collectors.toMap(i -> i, i -> i))",
                        "Stream.of(1).collect(Collectors.groupingBy(i -> i))",
                        "System.identityHashCode(this)"))
                .holdsIn(classesOf(deterministic()));
    }

    @Test
    void onlyTheRuntimesBlock() {
        classesShould(
                        notReach(
                                anyKindOf(Future.class, "get", "join"),
                                anyKindOf(BlockingQueue.class, "take", "put"),
                                anyKindOf(BlockingQueue.class, "poll", "offer").taking(types -> types.size() > 1),
                                Target.of("java.lang.Object", "wait"),
                                anyKindOf(Thread.class, "join", "sleep", "yield", "onSpinWait"),
                                Target.of("java.util.concurrent.TimeUnit", "sleep", "timedJoin", "timedWait"),
                                Target.of("java.util.concurrent.locks.LockSupport", "park", "parkNanos", "parkUntil"),
                                anyKindOf(Condition.class, "await", "awaitNanos", "awaitUninterruptibly"),
                                Target.of("java.util.concurrent.CountDownLatch", "await"),
                                Target.of("java.util.concurrent.Semaphore", "acquire", "acquireUninterruptibly"),
                                anyKindOf(ExecutorService.class, "awaitTermination", "invokeAll", "invokeAny"),
                                anyKindOf(Process.class, "waitFor")),
                        "ClientRuntime.await is the only place where the library blocks")
                .except(RUNTIME)
                .except(Exempt.simulation(
                        "HandlerTask", "HandlerThread", "SimulatedFuture", "SimulatedRuntime", "Waits"))
                .refuses(statements(
                        "new CompletableFuture<String>().get()",
                        "new CompletableFuture<String>().join()",
                        "new LinkedBlockingQueue<String>().take()",
                        "new LinkedBlockingQueue<String>().poll(1, TimeUnit.SECONDS)",
                        "this.wait(1)",
                        "Thread.sleep(1)",
                        "Thread.currentThread().join()",
                        "TimeUnit.SECONDS.sleep(1)",
                        "java.util.concurrent.locks.LockSupport.parkNanos(1)",
                        "new java.util.concurrent.locks.ReentrantLock().newCondition().await()",
                        "new CountDownLatch(1).await()",
                        "new Semaphore(1).acquire()",
                        "((ExecutorService) null).awaitTermination(1, TimeUnit.SECONDS)",
                        "((Process) null).waitFor()"))
                .holdsIn(classesOf(deterministic()));
    }

    @Test
    void nothingIsFoundByNameOrReadAsAnObject() {
        classesShould(
                        notReach(
                                Target.of("java.lang.Class", "forName"),
                                anyKindOf(ClassLoader.class, "loadClass"),
                                Target.of("java.lang.reflect.Method", "invoke"),
                                construction("java.io.ObjectInputStream")),
                        "what runs is what the compiler saw")
                .except(List.of(
                        Exempt.type(
                                "testkit.junit.internal.KafkaBrokerMain",
                                "runs in the broker's own JVM, whose jars are on no class path of ours"),
                        Exempt.type(
                                "testkit.junit.internal.BrokerAdmin",
                                "asks whether the optional kafka-clients is there, to say so in a sentence")))
                .refuses(statements(
                        "Class.forName(\"Planted\")",
                        "getClass().getClassLoader().loadClass(\"Planted\")",
                        "((java.lang.reflect.Method) null).invoke(this)",
                        "new java.io.ObjectInputStream(null)"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void nothingRunsScriptsOrLooksUpNames() {
        classesShould(
                        notDependOn(
                                "use neither scripts nor JNDI",
                                type -> isIn(type, "javax.script") || isIn(type, "javax.naming")),
                        "both run what others wrote")
                .refuses(statements("new javax.script.ScriptEngineManager()", "new javax.naming.InitialContext()"))
                .holdsIn(classesOf(Module.all()));
    }
}
