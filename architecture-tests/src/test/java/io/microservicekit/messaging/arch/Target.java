package io.microservicekit.messaging.arch;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;

/** Something that code may not call, refer to, construct or read: members of a type, by name. */
final class Target {
    private static final String CONSTRUCTOR = "<init>";

    private final Predicate<JavaClass> owner;
    private final List<String> names;
    private final Predicate<List<String>> parameters;

    private Target(Predicate<JavaClass> owner, List<String> names, Predicate<List<String>> parameters) {
        this.owner = owner;
        this.names = names;
        this.parameters = parameters;
    }

    /** Members of this very type; without names all of them. */
    static Target of(String owner, String... names) {
        return new Target(type -> type.getName().equals(owner), List.of(names), any -> true);
    }

    /** Methods of this type or of any below it. */
    static Target anyKindOf(Class<?> owner, String... names) {
        return new Target(type -> type.isAssignableTo(owner), List.of(names), any -> true);
    }

    static Target construction(String owner) {
        return of(owner, CONSTRUCTOR);
    }

    static Target constructionOfAnyKindOf(Class<?> owner) {
        return anyKindOf(owner, CONSTRUCTOR);
    }

    Target taking(Predicate<List<String>> parameterTypes) {
        return new Target(owner, names, parameterTypes);
    }

    boolean isTargetOf(JavaAccess<?> access) {
        return owner.test(access.getTargetOwner())
                && (names.isEmpty() || names.contains(access.getTarget().getName()))
                && parameters.test(parametersOf(access))
                && !isCallOfSuperConstructor(access);
    }

    private static List<String> parametersOf(JavaAccess<?> access) {
        if (access.getTarget() instanceof CodeUnitAccessTarget unit) {
            return unit.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        }
        return List.of();
    }

    private static boolean isCallOfSuperConstructor(JavaAccess<?> access) {
        return access.getTarget().getName().equals(CONSTRUCTOR)
                && access.getOrigin().getName().equals(CONSTRUCTOR)
                && access.getOriginOwner()
                        .getRawSuperclass()
                        .map(access.getTargetOwner()::equals)
                        .orElse(false);
    }
}
