package io.microservicekit.messaging.arch;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** The poms of a stranger's projects; plugins in the versions that our own build uses, so that they are here already. */
final class Poms {
    private static final String PROJECT = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>stranger</groupId>
              <artifactId>%s</artifactId>
              <version>1</version>
              <packaging>%s</packaging>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              %s
            </project>
            """;

    private static final String BOM = """
            <dependencyManagement><dependencies><dependency>
              <groupId>io.microservicekit</groupId><artifactId>messaging-bom</artifactId><version>%s</version>
              <type>pom</type><scope>import</scope>
            </dependency></dependencies></dependencyManagement>
            <dependencies><dependency>
              <groupId>io.microservicekit</groupId><artifactId>%s</artifactId>
            </dependency></dependencies>
            """;

    private static final String COPY_LIBRARIES = """
            <plugin>
              <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.11.0</version>
              <executions><execution>
                <phase>package</phase><goals><goal>copy-dependencies</goal></goals>
                <configuration>
                  <includeScope>runtime</includeScope><outputDirectory>${project.build.directory}/lib</outputDirectory>
                </configuration>
              </execution></executions>
            </plugin>
            """;

    private static final String COMPILE = """
            <pluginManagement><plugins>
              <plugin><artifactId>maven-resources-plugin</artifactId><version>3.5.0</version></plugin>
              <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.16.0</version></plugin>
              <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.6.1</version></plugin>
              <plugin><artifactId>maven-jar-plugin</artifactId><version>3.5.1</version></plugin>
            </plugins></pluginManagement>
            """;

    private Poms() {}

    static String aggregator(List<Module> modules) {
        String names = modules.stream()
                .map(module -> "<module>" + module.artifact() + "</module>")
                .collect(joining());
        return PROJECT.formatted("closures", "pom", "<modules>" + names + "</modules>");
    }

    /** Has one dependency and packages nothing. */
    static String closureOf(Module module) {
        return PROJECT.formatted(
                "of-" + module.artifact(),
                "pom",
                BOM.formatted(House.version(), module.artifact()) + "<build><plugins>" + COPY_LIBRARIES
                        + "</plugins></build>");
    }

    /** A program with the dependencies that a README says to declare. */
    static String program(String dependencies) {
        return PROJECT.formatted(
                "program",
                "jar",
                dependencies + "<build>" + COMPILE + "<plugins>" + COPY_LIBRARIES + "</plugins></build>");
    }
}
