package io.microservicekit.messaging.arch;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is committed works on every machine and says nothing of the one it was written on. */
class RepositoryArchTest {
    /** Absolute paths whose first directory every machine has, or that are examples by their look. */
    private static final Pattern PLACE_OF_ONE_MACHINE =
            Pattern.compile("(?<![\\w.:/*}\\])>$%~-])/(?!(?:bin|dev|etc|lib|proc|sys|tmp|usr|var)/)[a-z]+/[\\w.@-]+/"
                    + "|(?<![\\w.:/*}\\])>$%~-])/(?:home|Users|roo[t]|mnt|srv)/\\w+"
                    + "|[A-Z]:\\\\Users\\\\");

    private static final Pattern REGISTRY =
            Pattern.compile("https?://(?:repo1?|registry|nexus|artifactory|mirror|deb|security|proxy)[.\\d]");

    private static final Pattern NAMED_TEST = Pattern.compile("(?<![\\w*])[A-Z]\\w*(?:Test|IT)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    @Test
    void noCommittedFileNamesAPlaceOfOneMachine() {
        String home = "/ho" + "me/someone/project";
        assertThat(matches(List.of(file("see " + home), file("path=/da" + "ta/build/out/x")), PLACE_OF_ONE_MACHINE))
                .hasSize(2);

        assertThat(matches(RepositoryFile.below(House.root()), PLACE_OF_ONE_MACHINE))
                .isEmpty();
    }

    @Test
    void noCommittedFileNamesARegistry() {
        String scheme = "https:/" + "/";
        assertThat(matches(
                        List.of(file(scheme + "repo.example.org/a"), file(scheme + "registry.example.org/")), REGISTRY))
                .hasSize(2);

        assertThat(matches(RepositoryFile.below(House.root()), REGISTRY)).isEmpty();
    }

    @Test
    void eachTestThatContributingNamesExists() {
        Set<String> tests =
                JavaSource.tests().stream().map(JavaSource::fileName).collect(toCollection(TreeSet::new));
        assertThat(missing("`*ModelTest`, `PlantedArchTest`, -Dtest=PlantedIT, `AckLogTest`", tests))
                .containsExactly("PlantedArchTest", "PlantedIT");
        assertThat(deadLinks("[a](planted/A.java) [b](https://example.org) [c](README.md)"))
                .containsExactly("planted/A.java");

        String contributing = RepositoryFile.below(House.root()).stream()
                .filter(file -> file.path().equals("CONTRIBUTING.md"))
                .map(RepositoryFile::text)
                .findFirst()
                .orElseThrow();
        assertThat(contributing).contains("`LayersArchTest`");
        assertThat(missing(contributing, tests)).isEmpty();
        assertThat(deadLinks(contributing)).isEmpty();
    }

    private static List<String> missing(String text, Set<String> tests) {
        return NAMED_TEST
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(name -> !tests.contains(name + ".java"))
                .toList();
    }

    private static List<String> deadLinks(String text) {
        return LINK.matcher(text)
                .results()
                .map(link -> link.group(1))
                .filter(target ->
                        !target.contains(":") && !Files.exists(House.root().resolve(target)))
                .toList();
    }

    private static RepositoryFile file(String text) {
        return new RepositoryFile("planted", text);
    }

    private static List<String> matches(List<RepositoryFile> files, Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (RepositoryFile file : files) {
            Matcher matcher = pattern.matcher(file.text());
            while (matcher.find()) {
                found.add(file.path() + ": " + matcher.group());
            }
        }
        return found;
    }
}
