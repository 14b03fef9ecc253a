package io.microservicekit.messaging.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
