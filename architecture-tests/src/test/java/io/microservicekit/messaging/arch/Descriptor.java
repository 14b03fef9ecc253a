package io.microservicekit.messaging.arch;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * What a packaged jar says about itself: its module descriptor as sorted text, and its two service registries.
 *
 * @param module the descriptor
 * @param registered service to providers, as the files have it that the class path reads
 */
record Descriptor(ModuleDescriptor module, Map<String, List<String>> registered) {
    private static final String SERVICES = "META-INF/services/";

    static Descriptor of(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            try (InputStream in = file.getInputStream(file.getEntry("module-info.class"))) {
                return new Descriptor(ModuleDescriptor.read(in), services(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String moduleName() {
        return module.name();
    }

    /** Service to providers, as the module descriptor has it. */
    Map<String, List<String>> provided() {
        Map<String, List<String>> provided = new TreeMap<>();
        module.provides().forEach(provides -> provided.put(provides.service(), provides.providers()));
        return provided;
    }

    /** What stands in one of the two registries only. */
    List<String> disagreement() {
        List<String> both = new ArrayList<>(lines(provided()));
        both.retainAll(lines(registered));
        List<String> one = new ArrayList<>(lines(provided()));
        one.addAll(lines(registered));
        one.removeAll(both);
        return one;
    }

    private static List<String> lines(Map<String, List<String>> services) {
        List<String> lines = new ArrayList<>();
        services.forEach((service, providers) -> providers.forEach(provider -> lines.add(service + " " + provider)));
        return lines;
    }

    /** Without versions, which follow the build and not a decision. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add((module.isOpen() ? "open module " : "module ") + module.name());
        module.exports()
                .forEach(exports -> lines.add(
                        "exports" + modifiers(exports.modifiers()) + exports.source() + to(exports.targets())));
        module.opens()
                .forEach(opens ->
                        lines.add("opens" + modifiers(opens.modifiers()) + opens.source() + to(opens.targets())));
        module.requires()
                .forEach(requires -> lines.add("requires" + modifiers(requires.modifiers()) + requires.name()));
        module.uses().forEach(service -> lines.add("uses " + service));
        module.provides()
                .forEach(provides -> lines.add(
                        "provides " + provides.service() + " with " + String.join(", ", provides.providers())));
        return lines.stream().sorted().collect(joining("\n", "", "\n"));
    }

    private static String modifiers(Collection<? extends Enum<?>> modifiers) {
        return modifiers.stream()
                .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
                .sorted()
                .collect(joining("", " ", ""));
    }

    private static String to(Collection<String> targets) {
        return targets.isEmpty() ? "" : targets.stream().sorted().collect(joining(", ", " to ", ""));
    }

    private static Map<String, List<String>> services(JarFile file) throws IOException {
        Map<String, List<String>> services = new TreeMap<>();
        for (ZipEntry entry : file.stream().toList()) {
            if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
                services.put(entry.getName().substring(SERVICES.length()), providers(file, entry));
            }
        }
        return services;
    }

    private static List<String> providers(JarFile file, ZipEntry entry) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(file.getInputStream(entry), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }
}
