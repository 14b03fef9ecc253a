package io.microservicekit.messaging.arch;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What class files do not tell: blocks, packages without a class, tests that cannot fail. */
class SourcesArchTest {
    private static final Pattern ASSERTION =
            Pattern.compile("\\bassert|verify|expect|check\\w*\\(|await|contract|Throws|holdsIn|fail\\(|isEqualTo");
    private static final Pattern TEST = Pattern.compile("@(Test|ParameterizedTest|TestFactory|TestTemplate)\\b");

    /** Pauses that stand for work, for chance, or for the interval of a poll that has a deadline. */
    private static final List<Exempt> NO_WAITS = List.of(
            Exempt.type("it.Within", "the ticker that measures how long the machine stood still"),
            Exempt.type("it.scenario.HandlerWork", "the work of a handler, so that a fault hits in the middle"),
            Exempt.type("it.kafka.PositionsRun", "the random pauses of a random run on a real broker, and its polls"));

    @Test
    void blocksAreSynchronizedWhereThreadsMeetOnly() {
        String block = "class Planted { void planted() { synchronized (this) { } } }";
        assertThat(synchronizedBlocks(List.of(JavaSource.parse("Planted.java", block))))
                .hasSize(1);
        assertThat(synchronizedBlocks(published(Exempt.RUNTIME::covers)))
                .as("exemption still needed")
                .isNotEmpty();

        List<Exempt> exempt = List.of(Exempt.SHARED, Exempt.RUNTIME);
        assertThat(synchronizedBlocks(published(
                        (packageName, type) -> exempt.stream().noneMatch(place -> place.covers(packageName, type)))))
                .isEmpty();
    }

    private static List<JavaSource> published(BiPredicate<String, String> wanted) {
        return JavaSource.published().stream()
                .filter(source -> wanted.test(source.packageName(), source.topLevelName()))
                .toList();
    }

    private static List<String> synchronizedBlocks(List<JavaSource> sources) {
        return found(sources, part -> part instanceof SynchronizedTree);
    }

    @Test
    void eachClassWhereThreadsMeetHasATestInWhichTheyMeet() {
        String place = "package " + Module.BASE + ".core.internal.shared; ";
        List<JavaSource> planted = List.of(
                JavaSource.parse("core/A.java", place + "class A {}"),
                JavaSource.parse("core/B.java", place + "class B {}"),
                JavaSource.parse("core/C.java", place + "class C {}"),
                JavaSource.parse("core/D.java", place + "interface D {}"));
        List<JavaSource> tests = List.of(
                JavaSource.parse("core/AModelTest.java", "class AModelTest { A a = new A(); /* B */ }"),
                JavaSource.parse("core/BTest.java", "class BTest { B b; }"),
                JavaSource.parse("kafka/CConcurrentTest.java", "class CConcurrentTest { C c; }"));
        assertThat(untestedWhereThreadsMeet(planted, tests)).containsExactly("core/B.java", "core/C.java");

        assertThat(untestedWhereThreadsMeet(JavaSource.published(), JavaSource.tests()))
                .as("classes that no *ModelTest and no *ConcurrentTest of their module names")
                .isEmpty();
    }

    private static List<String> untestedWhereThreadsMeet(List<JavaSource> sources, List<JavaSource> tests) {
        return sources.stream()
                .filter(source -> Exempt.SHARED.covers(source.packageName(), source.topLevelName()))
                .filter(source -> source.topLevelTypes().stream().anyMatch(type -> type.getKind() == Tree.Kind.CLASS))
                .filter(source -> tests.stream()
                        .filter(test -> test.fileName().matches("\\w+(Model|Concurrent)Test\\.java"))
                        .filter(test -> test.moduleDirectory().equals(source.moduleDirectory()))
                        .noneMatch(test -> names(test, source.fileName().replace(".java", ""))))
                .map(JavaSource::path)
                .toList();
    }

    private static boolean names(JavaSource test, String type) {
        return !found(
                        List.of(test),
                        part -> part instanceof IdentifierTree name
                                && name.getName().contentEquals(type))
                .isEmpty();
    }

    @Test
    void eachPackageIsNullMarkedAndSaysWhatItIs() {
        List<JavaSource> planted = List.of(
                JavaSource.parse("a/Planted.java", "package a; class Planted {}"),
                JavaSource.parse("b/Planted.java", "package b; class Planted {}"),
                JavaSource.parse("b/package-info.java", "/** B. */ package b;"),
                JavaSource.parse("c/Planted.java", "package c; class Planted {}"),
                JavaSource.parse("c/package-info.java", "@NullMarked package c;"));
        assertThat(unmarkedPackages(planted)).containsExactly("a", "b", "c");

        assertThat(unmarkedPackages(JavaSource.main())).isEmpty();
    }

    private static Set<String> unmarkedPackages(List<JavaSource> sources) {
        Set<String> packages = sources.stream()
                .filter(source -> !source.fileName().equals("module-info.java"))
                .map(JavaSource::packageName)
                .collect(toCollection(TreeSet::new));
        sources.stream()
                .filter(source -> source.fileName().equals("package-info.java"))
                .filter(source -> source.text().startsWith("/**"))
                .filter(source -> !annotations(List.of(source), "NullMarked").isEmpty())
                .map(JavaSource::packageName)
                .forEach(packages::remove);
        return packages;
    }

    @Test
    void noTestWaitsBySleeping() {
        assertThat(sleeps(List.of(
                        test("Thread.sleep(1);"),
                        test("TimeUnit.SECONDS.sleep(1);"),
                        test("LockSupport.parkNanos(1);"))))
                .hasSize(3);
        assertThat(NO_WAITS)
                .as("exemptions still needed")
                .allSatisfy(exempt -> assertThat(sleeps(tests(exempt::covers))).isNotEmpty());

        assertThat(sleeps(tests((packageName, type) ->
                        NO_WAITS.stream().noneMatch(exempt -> exempt.covers(packageName, type)))))
                .isEmpty();
    }

    private static List<JavaSource> tests(BiPredicate<String, String> wanted) {
        return JavaSource.tests().stream()
                .filter(source -> wanted.test(source.packageName(), source.topLevelName()))
                .toList();
    }

    private static List<String> sleeps(List<JavaSource> sources) {
        return calls(
                sources,
                "(.*\\.)?(Thread|TimeUnit\\.\\w+|SECONDS|MILLISECONDS)\\.sleep|(.*\\.)?LockSupport\\.park(Nanos|Until)");
    }

    @Test
    void noTestIsSwitchedOffSkippedOrTriedAgain() {
        assertThat(evasions(List.of(
                        test("Assumptions.assumeTrue(false);"),
                        test("assumeThat(1).isZero();"),
                        test("abort();"),
                        JavaSource.parse("ATest.java", "@Disabled class ATest {}"),
                        JavaSource.parse("BTest.java", "class BTest { @DisabledOnOs(LINUX) void b() {} }"),
                        JavaSource.parse("CTest.java", "class CTest { @RepeatedTest(3) void c() {} }"),
                        JavaSource.parse("DTest.java", "class DTest { @RetryingTest(3) void d() {} }"))))
                .hasSize(7);

        assertThat(evasions(JavaSource.tests())).isEmpty();
    }

    private static List<String> evasions(List<JavaSource> sources) {
        List<String> found = calls(sources, "(.*\\.)?(assum(e|ing)\\w*|abort)");
        found.addAll(annotations(sources, "(Disabled|Enabled(If|On|For))\\w*|RepeatedTest|Retry\\w*|Flaky"));
        return found;
    }

    @Test
    void eachTestClassCanFailAndIsFoundByItsName() {
        assertThat(weakTests(List.of(
                        JavaSource.parse("Tests.java", "class Tests { @Test void a() { assertThat(1).isOne(); } }"),
                        JavaSource.parse("EmptyTest.java", "class EmptyTest { @Test void a() { run(); } }"),
                        JavaSource.parse("NoTest.java", "class NoTest { void a() { assertThat(1).isOne(); } }"))))
                .hasSize(3);

        assertThat(weakTests(JavaSource.tests())).isEmpty();
    }

    private static List<String> weakTests(List<JavaSource> sources) {
        List<String> found = new ArrayList<>();
        for (JavaSource source : sources) {
            boolean named = source.fileName().matches("\\w+(?<!Under)Test\\.java|\\w+IT\\.java");
            boolean tests = TEST.matcher(source.text()).find();
            if (named && !tests && !source.text().contains("@Nested")) {
                found.add(source.path() + " has no test");
            }
            if (tests && !named && !isScenario(source)) {
                found.add(source.path() + " has tests but no name ending with Test or IT: it would never run");
            }
            if (tests && !ASSERTION.matcher(source.text()).find()) {
                found.add(source.path() + " asserts nothing");
            }
        }
        return found;
    }

    /** Tests that others inherit, each on its own backend. */
    private static boolean isScenario(JavaSource source) {
        return source.topLevelTypes().stream()
                .anyMatch(type -> type.getModifiers().getFlags().contains(Modifier.ABSTRACT)
                        || type.getKind() == Tree.Kind.INTERFACE);
    }

    private static JavaSource test(String statement) {
        return JavaSource.parse("PlantedTest.java", "class PlantedTest { @Test void planted() { " + statement + " } }");
    }

    private static List<String> calls(List<JavaSource> sources, String name) {
        return found(
                sources,
                part -> part instanceof MethodInvocationTree call
                        && call.getMethodSelect().toString().matches(name));
    }

    private static List<String> annotations(List<JavaSource> sources, String name) {
        return found(
                sources,
                part -> part instanceof AnnotationTree annotation
                        && annotation.getAnnotationType().toString().matches("(.*\\.)?(" + name + ")"));
    }

    private static List<String> found(List<JavaSource> sources, Predicate<Tree> wanted) {
        List<String> places = new ArrayList<>();
        for (JavaSource source : sources) {
            new TreeScanner<@Nullable List<String>, List<String>>() {
                @Override
                public @Nullable List<String> scan(@Nullable Tree part, List<String> hits) {
                    if (part != null && wanted.test(part)) {
                        hits.add(source.place(part) + " "
                                + part.toString().lines().findFirst().orElse(""));
                    }
                    return super.scan(part, hits);
                }
            }.scan(source.unit(), places);
        }
        return places;
    }
}
