package io.microservicekit.messaging.arch;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a class must not do; each breach becomes one line of the report. */
final class Conditions {
    private Conditions() {}

    static ArchCondition<JavaClass> notReach(Target... targets) {
        List<Target> banned = List.of(targets);
        return condition(
                "not reach what is banned",
                (type, breach) -> type.getAccessesFromSelf().stream()
                        .filter(access -> banned.stream().anyMatch(target -> target.isTargetOf(access)))
                        .map(JavaAccess::getDescription)
                        .forEach(breach));
    }

    /** Every dependency: fields, parameters, signatures, annotations, calls. Packages include what is below them. */
    static ArchCondition<JavaClass> dependOnlyOn(List<String> packages) {
        return notDependOn(
                "depend only on " + packages,
                dependency -> packages.stream().noneMatch(allowed -> isIn(dependency, allowed)));
    }

    static ArchCondition<JavaClass> notDependOn(String description, Predicate<JavaClass> banned) {
        return condition(
                description,
                (type, breach) -> type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                isDeclared(dependency.getTargetClass().getBaseComponentType()))
                        .filter(dependency ->
                                banned.test(dependency.getTargetClass().getBaseComponentType()))
                        .map(Object::toString)
                        .forEach(breach));
    }

    static ArchCondition<JavaClass> beFinalIfConcrete() {
        return condition("be final", (type, breach) -> {
            boolean open = !type.isInterface()
                    && !type.isEnum()
                    && !type.isAnonymousClass()
                    && !type.isAssignableTo(Throwable.class)
                    && !type.getSimpleName().equals("package-info")
                    && !has(type, JavaModifier.ABSTRACT)
                    && !has(type, JavaModifier.FINAL);
            if (open) {
                breach.accept(type.getName() + " is neither final nor abstract");
            }
        });
    }

    static ArchCondition<JavaClass> haveNoSynchronizedMethod() {
        return condition(
                "have no synchronized method",
                (type, breach) -> type.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                        .map(JavaMethod::getFullName)
                        .forEach(breach));
    }

    static ArchCondition<JavaClass> haveNoField(String description, Predicate<JavaField> banned) {
        return condition(
                "have no field that is " + description,
                (type, breach) -> type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .filter(banned)
                        .map(field -> field.getFullName() + " is " + description)
                        .forEach(breach));
    }

    static ArchCondition<JavaClass> showOnly(Predicate<JavaClass> allowed) {
        return condition(
                "show nothing else in signatures",
                (type, breach) -> Signature.of(type)
                        .filter(Conditions::isDeclared)
                        .filter(allowed.negate())
                        .map(shown -> type.getName() + " shows " + shown.getName())
                        .forEach(breach));
    }

    static boolean isIn(JavaClass type, String topPackage) {
        return type.getPackageName().equals(topPackage) || type.getPackageName().startsWith(topPackage + ".");
    }

    private static boolean has(JavaClass type, JavaModifier modifier) {
        return type.getModifiers().contains(modifier);
    }

    private static boolean isDeclared(JavaClass type) {
        return !type.isPrimitive() && !type.getPackageName().isEmpty();
    }

    private static ArchCondition<JavaClass> condition(
            String description, BiConsumer<JavaClass, Consumer<String>> breaches) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                breaches.accept(type, breach -> events.add(SimpleConditionEvent.violated(type, breach)));
            }
        };
    }
}
