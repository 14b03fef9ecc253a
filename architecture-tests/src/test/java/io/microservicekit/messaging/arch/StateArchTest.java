package io.microservicekit.messaging.arch;

import static io.microservicekit.messaging.arch.Conditions.beFinalIfConcrete;
import static io.microservicekit.messaging.arch.Conditions.haveNoField;
import static io.microservicekit.messaging.arch.Conditions.haveNoSynchronizedMethod;
import static io.microservicekit.messaging.arch.Conditions.isIn;
import static io.microservicekit.messaging.arch.Conditions.notDependOn;
import static io.microservicekit.messaging.arch.Conditions.notReach;
import static io.microservicekit.messaging.arch.Exempt.RUNTIME;
import static io.microservicekit.messaging.arch.Exempt.SHARED;
import static io.microservicekit.messaging.arch.HouseRule.classesShould;
import static io.microservicekit.messaging.arch.Module.classesOf;
import static io.microservicekit.messaging.arch.Plant.statements;
import static io.microservicekit.messaging.arch.Target.anyKindOf;
import static io.microservicekit.messaging.arch.Target.construction;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State has one writer; what two threads touch stands in few places that can be read as a whole. */
class StateArchTest {
    @Test
    void concreteClassesAreFinal() {
        classesShould(beFinalIfConcrete(), "nobody extends what was not made for it")
                .refuses(Plant.type("core.internal", "class Planted {}"), Plant.type("api", "public class Planted {}"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void noMethodIsSynchronized() {
        classesShould(haveNoSynchronizedMethod(), "a lock that others can take is no lock of ours")
                .refuses(Plant.type("core.internal.shared", "final class Planted { synchronized void planted() {} }"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void volatileFieldsStandWhereThreadsMeet() {
        classesShould(
                        haveNoField("volatile", field -> field.getModifiers().contains(JavaModifier.VOLATILE)),
                        "everything else is confined to one thread")
                .except(SHARED)
                .except(Exempt.simulation(
                        "Driver", "HandlerThread", "SimulatedHandlers", "SimulatedScope", "SimulatedTimer", "World"))
                .refuses(Plant.type("core.internal.engine", "final class Planted { volatile int planted; }"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void atomicsAndLocksStandWhereThreadsMeet() {
        classesShould(
                        notDependOn(
                                "use neither atomics nor locks nor VarHandles", StateArchTest::isForThreadsThatMeet),
                        "everything else is confined to one thread")
                .except(SHARED, RUNTIME)
                .except(Exempt.simulation(
                        "Baton", "Driver", "Failures", "HandlerTask", "HandlerThread", "TimerQueue", "World"))
                .except(Exempt.type(
                        "testkit.internal.memory.Cluster",
                        "the one lock of the memory broker, which clients of many threads share"))
                .refuses(statements(
                        "new java.util.concurrent.atomic.AtomicLong()",
                        "new java.util.concurrent.locks.ReentrantLock()",
                        "java.lang.invoke.VarHandle.fullFence()",
                        "new ConcurrentLinkedQueue<>()",
                        "new LinkedBlockingQueue<>()",
                        "new CopyOnWriteArrayList<>()",
                        "new CountDownLatch(1)"))
                .holdsIn(classesOf(Module.all()));
    }

    private static boolean isForThreadsThatMeet(JavaClass type) {
        return isIn(type, "java.util.concurrent.atomic")
                || isIn(type, "java.util.concurrent.locks")
                || type.getName().equals("java.lang.invoke.VarHandle")
                || (type.getPackageName().equals("java.util.concurrent")
                        && type.getSimpleName()
                                .matches("Concurrent.*|CopyOnWrite.*|.*(Queue|Deque)|CountDownLatch|Semaphore"
                                        + "|Phaser|CyclicBarrier|Exchanger"));
    }

    @Test
    void nothingStaticChanges() {
        classesShould(
                        haveNoField("static and not final", StateArchTest::isReassignable),
                        "a crashed client leaves nothing behind")
                .refuses(Plant.type("core.internal", "final class Planted { static int planted; }"))
                .holdsIn(classesOf(Module.all()));
        classesShould(
                        haveNoField("static and made to change", StateArchTest::isMadeToChange),
                        "a crashed client leaves nothing behind")
                .refuses(
                        Plant.type("core.internal", "final class Planted { static final ArrayList<String> L = null; }"),
                        Plant.type(
                                "core.internal", "final class Planted { static final ThreadLocal<String> L = null; }"),
                        Plant.type(
                                "core.internal.shared",
                                "final class Planted { static final java.util.concurrent.atomic.AtomicLong N = null; }"),
                        Plant.type(
                                "core.internal",
                                "final class Planted { static final Map<Integer, Integer> M = new LinkedHashMap<>(); }"))
                .holdsIn(classesOf(Module.all()));
    }

    private static boolean isReassignable(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.FINAL);
    }

    private static boolean isMadeToChange(JavaField field) {
        JavaClass type = field.getRawType();
        return field.getModifiers().contains(JavaModifier.STATIC)
                && (isIn(type, "java.util.concurrent")
                        || type.isAssignableTo(ThreadLocal.class)
                        || (isCollection(type) && (!type.isInterface() || isBuiltByOwner(field))));
    }

    private static boolean isCollection(JavaClass type) {
        return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    }

    /** An interface says nothing; that its owner's static initializer constructs a collection does. */
    private static boolean isBuiltByOwner(JavaField field) {
        return field.getOwner().getStaticInitializer().stream()
                .flatMap(initializer -> initializer.getConstructorCallsFromSelf().stream())
                .anyMatch(call -> isCollection(call.getTargetOwner()));
    }

    @Test
    void nothingPrintsOrEndsTheJvm() {
        classesShould(
                        notReach(
                                Target.of("java.lang.System", "out", "err", "exit", "setOut", "setErr"),
                                Target.of("java.lang.Runtime", "exit", "halt"),
                                anyKindOf(Throwable.class, "printStackTrace").taking(List::isEmpty)),
                        "standard output and the JVM belong to the application")
                .except(Exempt.type(
                        "testkit.junit.internal.KafkaBrokerMain",
                        "main of the broker's own JVM: ends it when the test's JVM is gone"))
                .refuses(statements(
                        "System.out.println()",
                        "System.err.println()",
                        "System.exit(1)",
                        "Runtime.getRuntime().halt(1)",
                        "new Throwable().printStackTrace()"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void failuresHaveATypeOfTheirOwn() {
        classesShould(
                        notReach(
                                construction("java.lang.RuntimeException"),
                                construction("java.lang.Exception"),
                                construction("java.lang.Throwable"),
                                construction("java.lang.Error")),
                        "a caller must be able to tell failures apart")
                .refuses(statements(
                        "throw new RuntimeException()",
                        "throw new Exception()",
                        "throw new Throwable()",
                        "throw new Error()"))
                .holdsIn(classesOf(Module.all()));
    }

    @Test
    void logsGoToTheLoggerOfThePlatform() {
        classesShould(
                        notDependOn(
                                "log by System.Logger only",
                                type -> isIn(type, "java.util.logging")
                                        || isIn(type, "org.slf4j")
                                        || isIn(type, "org.apache.logging")
                                        || isIn(type, "org.apache.commons.logging")),
                        "the application chooses its logging")
                .refuses(statements(
                        "java.util.logging.Logger.getLogger(\"\")", "org.slf4j.LoggerFactory.getLogger(\"\")"))
                .holdsIn(classesOf(Module.all()));
    }
}
