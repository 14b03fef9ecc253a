package io.microservicekit.messaging.arch;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** One source file as the compiler's own parser reads it. */
final class JavaSource {
    private static final Map<String, List<JavaSource>> PARSED = new TreeMap<>();

    private final String path;
    private final String text;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;

    private JavaSource(String path, String text, CompilationUnitTree unit, SourcePositions positions) {
        this.path = path;
        this.text = text;
        this.unit = unit;
        this.positions = positions;
    }

    /** Main sources of all modules, published or not. */
    static List<JavaSource> main() {
        return below("src/main/java");
    }

    static List<JavaSource> tests() {
        return below("src/test/java");
    }

    static List<JavaSource> published() {
        return main().stream()
                .filter(source ->
                        Module.all().stream().anyMatch(module -> source.path().startsWith(module.artifact() + "/")))
                .toList();
    }

    private static List<JavaSource> below(String tree) {
        return PARSED.computeIfAbsent(
                tree,
                key -> parse(RepositoryFile.below(House.root()).stream()
                        .filter(file -> file.path().contains("/" + tree + "/"))
                        .filter(file -> file.path().endsWith(".java"))
                        .toList()));
    }

    static JavaSource parse(String path, String text) {
        return parse(List.of(new RepositoryFile(path, text))).get(0);
    }

    private static List<JavaSource> parse(List<RepositoryFile> files) {
        List<JavaFileObject> inputs = new ArrayList<>();
        files.forEach(file -> inputs.add(input(file)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, inputs);
        try {
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<JavaSource> sources = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                RepositoryFile file = files.get(sources.size());
                sources.add(new JavaSource(file.path(), file.text(), unit, positions));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaFileObject input(RepositoryFile file) {
        return new SimpleJavaFileObject(URI.create("string:///" + file.path()), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return file.text();
            }
        };
    }

    String path() {
        return path;
    }

    String text() {
        return text;
    }

    CompilationUnitTree unit() {
        return unit;
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The first directory of the path. */
    String moduleDirectory() {
        return path.substring(0, path.indexOf('/'));
    }

    String packageName() {
        return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
    }

    String topLevelName() {
        return packageName() + "." + fileName().replace(".java", "");
    }

    List<ClassTree> topLevelTypes() {
        return unit.getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .toList();
    }

    /** Lines of the file. */
    int lines() {
        return (int) text.lines().count();
    }

    /** Lines from the first to the last of this part of the file. */
    int lines(Tree part) {
        long start = positions.getStartPosition(unit, part);
        long end = positions.getEndPosition(unit, part);
        return (int) (unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start)) + 1;
    }

    String place(Tree part) {
        return path + ":" + unit.getLineMap().getLineNumber(positions.getStartPosition(unit, part));
    }
}
