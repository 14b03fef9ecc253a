package io.microservicekit.messaging.arch;

import io.microservicekit.messaging.api.spi.BackendProvider;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Runs in a JVM of its own: tells which modules it booted with, which providers it found and which classes of a jar cannot be used there. */
final class Boot {
    private static final String PROVIDER = "io.microservicekit.messaging.api.spi.BackendProvider";

    private Boot() {}

    public static void main(String[] arguments) throws IOException {
        ModuleLayer.boot().modules().stream()
                .map(java.lang.Module::getName)
                .filter(name -> name.startsWith("io.microservicekit"))
                .sorted()
                .forEach(name -> System.out.println("module " + name));
        if (Boot.class.getResource("/" + PROVIDER.replace('.', '/') + ".class") != null) {
            Found.print();
        }
        try (JarFile jar = new JarFile(arguments[0])) {
            jar.stream().map(JarEntry::getName).filter(Boot::isClass).sorted().forEach(Boot::use);
        }
        System.out.println("booted");
    }

    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.endsWith("-info.class");
    }

    private static void use(String entry) {
        String name = entry.replace(".class", "").replace('/', '.');
        try {
            Class.forName(name);
        } catch (ClassNotFoundException | LinkageError e) {
            System.out.println("unusable " + name);
        }
    }

    /** Apart, because a module path without the api cannot load it. */
    private static final class Found {
        private static void print() {
            for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
                System.out.println("provider " + provider.type() + " "
                        + provider.getClass().getName());
            }
        }
    }
}
