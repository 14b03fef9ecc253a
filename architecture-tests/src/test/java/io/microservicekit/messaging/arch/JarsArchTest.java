package io.microservicekit.messaging.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published says of itself what was decided. */
class JarsArchTest {
    private static final String HOW_TO_WRITE = "mvn package -pl architecture-tests -am -Dtest=JarsArchTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsnapshots.write=true";
    private static final String PROVIDER = Module.BASE + ".api.spi.BackendProvider";

    @BeforeEach
    void jarsAreThere() {
        Module.all().forEach(Module::requirePackaged);
    }

    @Test
    void aModuleDescriptorChangesOnlyTogetherWithItsSnapshot() throws IOException {
        if (Boolean.getBoolean("snapshots.write")) {
            for (Module module : Module.all()) {
                Files.createDirectories(snapshot(module).getParent());
                Files.writeString(snapshot(module), Descriptor.of(module.jar()).text());
            }
            fail(
                    "The snapshots are written, nothing was compared. Read the difference, commit it, run without the property.");
        }
        assertThat(Module.all())
                .allSatisfy(module -> assertThat(snapshot(module))
                        .as("descriptor of %s; if it is meant to change, write the snapshot: %s", module, HOW_TO_WRITE)
                        .hasContent(Descriptor.of(module.jar()).text()));
    }

    private static Path snapshot(Module module) {
        return House.root().resolve("config/module-descriptors/" + module.artifact() + ".expected.txt");
    }

    @Test
    void aSnapshotShowsEachExportRequirementAndService() {
        assertThat(planted(PROVIDER).text().lines())
                .containsExactly(
                        "exports planted",
                        "exports planted.some to java.xml",
                        "module planted",
                        "provides " + PROVIDER + " with planted.A",
                        "requires java.sql",
                        "requires mandated java.base",
                        "requires static java.compiler",
                        "requires transitive java.logging",
                        "uses java.lang.Runnable");
    }

    @Test
    void bothServiceRegistriesOfAJarAgree() {
        assertThat(planted(PROVIDER).disagreement()).isEmpty();
        assertThat(planted("java.lang.Runnable").disagreement()).hasSize(2);

        assertThat(Module.all()).allSatisfy(module -> {
            assertThat(Descriptor.of(module.jar()).disagreement())
                    .as("provided in the module descriptor or in META-INF/services of %s, not in both", module)
                    .isEmpty();
        });
        assertThat(Descriptor.of(Module.TESTKIT.jar()).provided()).containsKey(PROVIDER);
    }

    @Test
    void allPackagesOfAJarBeginWithTheNameOfItsModule() {
        assertThat(Module.all()).allSatisfy(module -> {
            assertThat(Descriptor.of(module.jar()).moduleName()).isEqualTo(module.root());
            assertThat(module.classes()).allMatch(type -> Conditions.isIn(type, module.root()));
        });
    }

    private static Descriptor planted(String registeredService) {
        ModuleDescriptor module = ModuleDescriptor.newModule("planted")
                .exports("planted")
                .exports("planted.some", Set.of("java.xml"))
                .requires("java.sql")
                .requires(Set.of(Modifier.STATIC), "java.compiler")
                .requires(Set.of(Modifier.TRANSITIVE), "java.logging")
                .uses("java.lang.Runnable")
                .provides(PROVIDER, List.of("planted.A"))
                .build();
        return new Descriptor(module, Map.of(registeredService, List.of("planted.A")));
    }
}
