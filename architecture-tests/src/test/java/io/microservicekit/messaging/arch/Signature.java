package io.microservicekit.messaging.arch;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a type shows to those who may use it: the types in its public and protected declarations, generic parts included. */
final class Signature {
    private Signature() {}

    static Stream<JavaClass> of(JavaClass type) {
        if (!isShown(type)) {
            return Stream.empty();
        }
        Stream<JavaType> heading = Stream.of(
                        type.getSuperclass().stream(), type.getInterfaces().stream(), bounds(type.getTypeParameters()))
                .flatMap(part -> part);
        Stream<JavaType> members =
                type.getMembers().stream().filter(Signature::isShown).flatMap(Signature::of);
        return Stream.concat(heading, members)
                .flatMap(shown -> shown.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType);
    }

    private static Stream<JavaType> of(JavaMember member) {
        if (member instanceof JavaField field) {
            return Stream.of(field.getType());
        }
        JavaCodeUnit unit = (JavaCodeUnit) member;
        List<JavaClass> thrown = unit.getThrowsClause().getTypes().stream().toList();
        return Stream.of(
                        Stream.of(unit.getReturnType()),
                        unit.getParameterTypes().stream(),
                        thrown.stream(),
                        bounds(unit.getTypeParameters()))
                .flatMap(part -> part);
    }

    private static Stream<JavaType> bounds(Collection<? extends JavaTypeVariable<?>> variables) {
        return variables.stream().flatMap(variable -> variable.getUpperBounds().stream());
    }

    /** A nested type is shown if all around it are. */
    private static boolean isShown(JavaClass type) {
        return isShown((HasModifiers) type)
                && type.getEnclosingClass().map(Signature::isShown).orElse(true);
    }

    private static boolean isShown(HasModifiers declaration) {
        return declaration.getModifiers().contains(JavaModifier.PUBLIC)
                || declaration.getModifiers().contains(JavaModifier.PROTECTED);
    }
}
