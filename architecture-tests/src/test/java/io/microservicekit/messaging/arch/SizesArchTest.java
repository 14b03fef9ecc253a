package io.microservicekit.messaging.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits for the tail: what grows beyond them has more than one reason to change. */
class SizesArchTest {
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 40;
    private static final int ORDINARY_METHOD_LINES = 15;
    private static final int PARAMETERS = 5;

    @Test
    void noFileHasMoreThan400Lines() {
        assertThat(longFiles(List.of(JavaSource.parse("Planted.java", "class Planted {}\n" + "//\n".repeat(400)))))
                .hasSize(1);

        assertThat(longFiles(Stream.concat(JavaSource.main().stream(), JavaSource.tests().stream())
                        .toList()))
                .isEmpty();
    }

    private static List<String> longFiles(List<JavaSource> sources) {
        return sources.stream()
                .filter(source -> source.lines() > FILE_LINES)
                .map(source -> source.path() + " has " + source.lines() + " lines")
                .toList();
    }

    @Test
    void noMethodHasMoreThan40Lines() {
        assertThat(longMethods(methodsOf(List.of(planted(41))))).hasSize(1);
        assertThat(longMethods(methodsOf(List.of(planted(40))))).isEmpty();

        assertThat(longMethods(methodsOf(JavaSource.published()))).isEmpty();
    }

    private static List<String> longMethods(List<Method> methods) {
        return methods.stream()
                .filter(method -> method.lines() > METHOD_LINES)
                .map(method -> method + " has " + method.lines() + " lines")
                .toList();
    }

    @Test
    void nineteenOfTwentyMethodsHaveAtMost15Lines() {
        assertThat(shareOfOrdinary(methodsOf(List.of(planted(16), planted(15)))))
                .isEqualTo(0.5);

        List<Method> methods = methodsOf(JavaSource.published());
        assertThat(methods).hasSizeGreaterThan(500);
        assertThat(shareOfOrdinary(methods)).isGreaterThanOrEqualTo(0.95);
    }

    private static double shareOfOrdinary(List<Method> methods) {
        long ordinary = methods.stream()
                .filter(method -> method.lines() <= ORDINARY_METHOD_LINES)
                .count();
        return (double) ordinary / methods.size();
    }

    @Test
    void noMethodTakesMoreThanFiveParameters() {
        String list = "(int a, int b, int c, int d, int e, int f)";
        assertThat(longParameterLists(JavaSource.parse("P.java", "class P { void planted" + list + " {} }")))
                .hasSize(1);
        assertThat(longParameterLists(JavaSource.parse("P.java", "class P { P" + list + " {} }")))
                .hasSize(1);
        assertThat(longParameterLists(JavaSource.parse("P.java", "record P" + list + " { P {} }")))
                .isEmpty();

        assertThat(JavaSource.published().stream().flatMap(source -> longParameterLists(source).stream()))
                .isEmpty();
    }

    private static List<String> longParameterLists(JavaSource source) {
        return methodsOf(List.of(source)).stream()
                .filter(method -> method.parameters() > PARAMETERS)
                .map(method -> method + " has " + method.parameters() + " parameters")
                .toList();
    }

    @Test
    void mostTypesBelowInternalAreSeenByTheirPackageOnly() {
        assertThat(sharePackagePrivate(List.of(
                        internal("public class Planted {}"),
                        internal("public record Planted() {}"),
                        internal("class P {}"))))
                .isLessThan(0.5);

        assertThat(sharePackagePrivate(JavaSource.published())).isGreaterThanOrEqualTo(0.5);
    }

    private static double sharePackagePrivate(List<JavaSource> sources) {
        List<ClassTree> types = sources.stream()
                .filter(source -> source.packageName().contains(".internal"))
                .flatMap(source -> source.topLevelTypes().stream())
                .toList();
        long hidden = types.stream()
                .filter(type -> !type.getModifiers().getFlags().contains(Modifier.PUBLIC))
                .count();
        return (double) hidden / types.size();
    }

    private static JavaSource internal(String type) {
        return JavaSource.parse("P.java", "package planted.internal; " + type);
    }

    private static JavaSource planted(int methodLines) {
        return JavaSource.parse(
                "Planted.java", "class Planted {\n  void planted() {\n" + "//\n".repeat(methodLines - 2) + "}\n}");
    }

    private record Method(String place, String name, int lines, int parameters) {
        @Override
        public String toString() {
            return place + " " + name;
        }
    }

    private static List<Method> methodsOf(List<JavaSource> sources) {
        List<Method> found = new ArrayList<>();
        for (JavaSource source : sources) {
            new MethodScan(source, found).scan(source.unit(), null);
        }
        return found;
    }

    /** Methods with a body, and what has none but parameters; constructors of records take what the record holds. */
    private static final class MethodScan extends TreeScanner<@Nullable Void, @Nullable ClassTree> {
        private final JavaSource source;
        private final List<Method> found;

        private MethodScan(JavaSource source, List<Method> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree outer) {
            return super.visitClass(type, type);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree owner) {
            boolean canonical = method.getReturnType() == null && owner != null && owner.getKind() == Tree.Kind.RECORD;
            int lines = method.getBody() == null ? 0 : source.lines(method.getBody());
            int parameters = canonical ? 0 : method.getParameters().size();
            found.add(new Method(source.place(method), method.getName().toString(), lines, parameters));
            return super.visitMethod(method, owner);
        }
    }
}
