package io.microservicekit.messaging.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Code that breaks a rule, compiled when the rule is checked, in the package where it would break it.
 *
 * @param location the package below the base package
 * @param code a type called {@code Planted}
 */
record Plant(String location, String code) {
    static Plant type(String location, String code) {
        return new Plant(location, code);
    }

    static Plant statement(String statement) {
        return type("core.internal", "final class Planted { void planted() throws Throwable { " + statement + "; } }");
    }

    static List<Plant> statements(String... statements) {
        return Stream.of(statements).map(Plant::statement).toList();
    }

    static JavaClasses compile(List<Plant> plants) {
        try {
            Path target = Files.createTempDirectory(Files.createDirectories(House.scratch("planted")), "rule");
            List<JavaFileObject> sources = new ArrayList<>();
            for (int i = 0; i < plants.size(); i++) {
                sources.add(plants.get(i).source(i));
            }
            javac(sources, target);
            return new ClassFileImporter().importPath(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void javac(List<JavaFileObject> sources, Path target) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-d", target.toString(), "-classpath", classPath(), "-proc:none", "-nowarn", "-Xlint:none");
        if (!compiler.getTask(said, null, null, options, null, sources).call()) {
            throw new IllegalArgumentException("planted code does not compile: " + said);
        }
    }

    /** Compiled as {@code Planted0}, {@code Planted1} and so on, so that many stand in one package. */
    String name(int index) {
        return Module.BASE + "." + location + ".Planted" + index;
    }

    private JavaFileObject source(int index) {
        String name = name(index);
        String text = "package " + name.substring(0, name.lastIndexOf('.')) + "; import java.util.*;"
                + " import java.util.concurrent.*; import java.util.stream.*; "
                + code.replaceAll("\\bPlanted\\b", "Planted" + index);
        return new SimpleJavaFileObject(
                URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
