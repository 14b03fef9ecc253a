package io.microservicekit.messaging.arch;

import static io.microservicekit.messaging.arch.Conditions.dependOnlyOn;
import static io.microservicekit.messaging.arch.Conditions.isIn;
import static io.microservicekit.messaging.arch.Conditions.notDependOn;
import static io.microservicekit.messaging.arch.Conditions.showOnly;
import static io.microservicekit.messaging.arch.HouseRule.classesShould;
import static io.microservicekit.messaging.arch.Module.API;
import static io.microservicekit.messaging.arch.Module.BASE;
import static io.microservicekit.messaging.arch.Module.CORE;
import static io.microservicekit.messaging.arch.Module.KAFKA;
import static io.microservicekit.messaging.arch.Module.TESTKIT;
import static io.microservicekit.messaging.arch.Module.TESTKIT_JUNIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Application → api ← core → api.spi ← adapters, and no way back. */
class LayersArchTest {
    private static final String MESSAGE = API.root() + ".message";
    private static final String OBSERVE = API.root() + ".observe";
    private static final String TRACE = API.root() + ".trace";
    private static final String SPI = API.root() + ".spi";

    @Test
    void eachModuleIsSeenWithAtLeastTheClassesItIsKnownToHave() {
        assertThat(Module.all()).extracting(Module::artifact).hasSameElementsAs(Module.directoriesWithDescriptor());
        assertThat(Module.all())
                .allSatisfy(module -> assertThat(module.classes())
                        .as("classes of %s", module)
                        .hasSizeGreaterThanOrEqualTo(module.atLeast()));
    }

    @Test
    void theApiDependsOnTheJdkOnly() {
        hasNoOtherDependency(
                API,
                List.of(API.root()),
                Plant.type("api", "class Planted { " + BASE + ".core.MessagingClients core; }"),
                Plant.type("api", "class Planted { org.apache.kafka.common.TopicPartition foreign; }"),
                Plant.type("api", "class Planted { javax.naming.Context notOfJavaBase; }"));
    }

    @Test
    void coreDependsOnTheApiAndTheJdkOnly() {
        hasNoOtherDependency(
                CORE,
                List.of(CORE.root(), API.root()),
                Plant.type("core", "class Planted { " + BASE + ".testkit.MemoryBroker broker; }"),
                Plant.type("core.internal", "class Planted { org.apache.kafka.common.TopicPartition foreign; }"));
    }

    @Test
    void theKafkaAdapterDependsOnTheApiAndItsOwnClientOnly() {
        hasNoOtherDependency(
                KAFKA,
                List.of(KAFKA.root(), API.root()),
                Plant.type("kafka.internal", "class Planted { " + BASE + ".core.MessagingClients core; }"),
                Plant.type("kafka.internal", "class Planted { " + BASE + ".testkit.MemoryBroker other; }"),
                Plant.type("kafka.internal", "class Planted { org.slf4j.Logger otherLibrary; }"));
    }

    @Test
    void theTestkitDependsOnTheApiButNeverOnCore() {
        hasNoOtherDependency(
                TESTKIT,
                List.of(TESTKIT.root(), API.root()),
                Plant.type("testkit", "class Planted { " + BASE + ".core.MessagingClients core; }"),
                Plant.type("testkit", "class Planted { org.junit.jupiter.api.Test test; }"));
    }

    @Test
    void theFixturesDependOnTheirOwnLibrariesOnly() {
        hasNoOtherDependency(
                TESTKIT_JUNIT,
                List.of(TESTKIT_JUNIT.root(), TESTKIT.root(), API.root(), CORE.root()),
                Plant.type("testkit.junit", "class Planted { org.slf4j.Logger foreign; }"));
    }

    private static void hasNoOtherDependency(Module module, List<String> own, Plant... breaches) {
        List<String> allowed = new ArrayList<>(own);
        allowed.addAll(module.uses());
        allowed.addAll(List.of("java", "org.jspecify"));
        JavaClasses classes = Module.classesOf(Module.all().contains(module) ? List.of(module) : List.of());
        classesShould(dependOnlyOn(allowed), "arrows point at the api")
                .refuses(breaches)
                .holdsIn(classes);
    }

    @Test
    void messagesNeedNothingOfTheApi() {
        isLayeredAbove(
                MESSAGE,
                List.of(MESSAGE),
                Plant.type("api.message", "class Planted { " + API.root() + ".Subscription up; }"));
    }

    @Test
    void observersNeedMessagesOnly() {
        isLayeredAbove(
                OBSERVE,
                List.of(OBSERVE, MESSAGE),
                Plant.type("api.observe", "class Planted { " + API.root() + ".Subscription up; }"));
    }

    @Test
    void tracersNeedMessagesOnly() {
        isLayeredAbove(
                TRACE,
                List.of(TRACE, MESSAGE),
                Plant.type("api.trace", "class Planted { " + API.root() + ".Subscription up; }"));
    }

    @Test
    void whatAnApplicationTouchesNeedsNothingThatAnAdapterImplements() {
        isLayeredAbove(
                API.root(),
                List.of(API.root(), MESSAGE, OBSERVE, TRACE),
                Plant.type("api", "class Planted { " + SPI + ".ClientRuntime up; }"));
    }

    private static void isLayeredAbove(String layer, List<String> allowed, Plant breach) {
        classesShould(
                        notDependOn(
                                "depend on layers below only",
                                type -> isIn(type, API.root()) && !allowed.contains(type.getPackageName())),
                        "the packages of the api are layered")
                .refuses(breach)
                .holdsIn(API.classes().that(resideIn(layer)));
    }

    @Test
    void packagesFormNoCycle() {
        SliceRule acyclic =
                SlicesRuleDefinition.slices().matching(BASE + ".(**)").should().beFreeOfCycles();
        JavaClasses cycle = Plant.compile(List.of(
                Plant.type("core.internal.a", "public class Planted { " + BASE + ".core.internal.b.Planted1 there; }"),
                Plant.type("core.internal.b", "public class Planted { " + BASE + ".core.internal.a.Planted0 back; }")));
        assertThat(acyclic.evaluate(cycle).hasViolation()).isTrue();

        Module.all().forEach(module -> acyclic.check(module.classes()));
    }

    @Test
    void whatIsInternalIsUsedByItsOwnModuleOnly() {
        Module.all()
                .forEach(module -> classesShould(
                                notDependOn("not use internal of others", type -> isInternalOfOther(type, module)),
                                "internal is nobody's promise")
                        .refuses(Plant.type(
                                module.root().substring(BASE.length() + 1),
                                "class Planted { " + internalOfOther(module) + " theirs; }"))
                        .holdsIn(module.classes()));
    }

    private static boolean isInternalOfOther(JavaClass type, Module module) {
        return Stream.of(CORE, KAFKA, TESTKIT, TESTKIT_JUNIT, API)
                .filter(other -> !other.equals(module))
                .anyMatch(other -> isIn(type, other.internal()));
    }

    private static String internalOfOther(Module module) {
        return module.equals(TESTKIT)
                ? TESTKIT_JUNIT.internal() + ".LocalBroker"
                : TESTKIT.internal() + ".MemoryBackendProvider";
    }

    @Test
    void exportedSignaturesShowNoTypeOfOtherMakers() {
        for (Module module : Module.all()) {
            String exported = module.exported().get(0).substring(BASE.length() + 1);
            classesShould(showOnly(type -> mayShow(module, type)), "users see our own types only")
                    .refuses(
                            Plant.type(exported, "public class Planted { public org.slf4j.Logger field; }"),
                            Plant.type(
                                    exported,
                                    "public class Planted { protected List<org.slf4j.Logger> answer() { return null; } }"),
                            Plant.type(exported, "public class Planted { public Planted(org.slf4j.Logger[] all) {} }"),
                            Plant.type(exported, "public class Planted<T extends org.slf4j.Logger> {}"),
                            Plant.type(exported, "public interface Planted extends org.slf4j.Logger {}"),
                            Plant.type(
                                    exported,
                                    "public class Planted { public " + internalOfOther(module) + " hidden; }"))
                    .holdsIn(module.classes().that(resideInAny(module.exported())));
        }
    }

    private static boolean mayShow(Module module, JavaClass type) {
        return isIn(type, "java")
                || module.shows().stream().anyMatch(library -> isIn(type, library))
                || Module.all().stream().anyMatch(own -> own.exported().contains(type.getPackageName()));
    }

    private static DescribedPredicate<JavaClass> resideIn(String exactPackage) {
        return resideInAny(List.of(exactPackage));
    }

    private static DescribedPredicate<JavaClass> resideInAny(List<String> packages) {
        return DescribedPredicate.describe("reside in " + packages, type -> packages.contains(type.getPackageName()));
    }
}
