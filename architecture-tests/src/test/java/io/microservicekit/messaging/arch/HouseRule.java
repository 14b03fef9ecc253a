package io.microservicekit.messaging.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** A rule, the places exempt from it with their reasons, and the code it must refuse: no rule is checked that does not bite. */
final class HouseRule {
    private final ArchCondition<JavaClass> condition;
    private final String because;
    private final List<Exempt> exempt = new ArrayList<>();
    private final List<Plant> plants = new ArrayList<>();

    private HouseRule(ArchCondition<JavaClass> condition, String because) {
        this.condition = condition;
        this.because = because;
    }

    static HouseRule classesShould(ArchCondition<JavaClass> condition, String because) {
        return new HouseRule(condition, because);
    }

    HouseRule except(List<Exempt> places) {
        exempt.addAll(places);
        return this;
    }

    HouseRule except(Exempt... places) {
        return except(List.of(places));
    }

    HouseRule refuses(List<Plant> code) {
        plants.addAll(code);
        return this;
    }

    HouseRule refuses(Plant... code) {
        return refuses(List.of(code));
    }

    void holdsIn(JavaClasses code) {
        bites();
        needsItsExemptions(code);
        rule(exempt).allowEmptyShould(true).check(code);
    }

    private void bites() {
        assertThat(plants).as("code that the rule refuses").isNotEmpty();
        JavaClasses planted = Plant.compile(plants);
        for (int i = 0; i < plants.size(); i++) {
            String name = plants.get(i).name(i);
            boolean bitten = rule(exempt)
                    .allowEmptyShould(true)
                    .evaluate(planted.that(describe("planted", type -> isOrIsNestedIn(type, name))))
                    .hasViolation();
            assertThat(bitten).as("refused: %s", plants.get(i).code()).isTrue();
        }
    }

    private void needsItsExemptions(JavaClasses code) {
        assertThat(exempt)
                .as("exemptions that the rule still needs")
                .allMatch(place -> rule(List.of())
                        .allowEmptyShould(true)
                        .evaluate(code.that(describe(place.place(), place::covers)))
                        .hasViolation());
    }

    private ArchRule rule(List<Exempt> places) {
        return classes()
                .that(describe("are not exempt", type -> places.stream().noneMatch(place -> place.covers(type))))
                .should(condition)
                .because(because);
    }

    private static boolean isOrIsNestedIn(JavaClass type, String name) {
        return type.getName().equals(name) || type.getName().startsWith(name + "$");
    }
}
