package io.microservicekit.messaging.arch;

import io.microservicekit.messaging.api.message.MessagingException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A public method or constructor, called with null for one parameter that must not be null.
 *
 * @param called what is called
 * @param index of the parameter, from 0
 */
record NullCall(Executable called, int index) {
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]*(\\[\\d+])?");

    /** All of a class that users call; what it overrides of an interface of ours is called by the library. */
    static Stream<NullCall> of(Class<?> type) {
        return Stream.<Executable>concat(Stream.of(type.getConstructors()), Stream.of(type.getDeclaredMethods()))
                .filter(called -> Modifier.isPublic(called.getModifiers()) && !called.isSynthetic())
                .filter(NullCall::isForUsers)
                .flatMap(called -> IntStream.range(0, called.getParameterCount())
                        .filter(index -> mustNotBeNull(called, index))
                        .mapToObj(index -> new NullCall(called, index)));
    }

    private static boolean isForUsers(Executable called) {
        Class<?> type = called.getDeclaringClass();
        return !called.getName().equals("equals")
                && !(type.isEnum() && called.getName().equals("valueOf"))
                && !(called instanceof Method method && answersInTheFuture(method))
                && !(called instanceof Method method && isCalledBack(type, method));
    }

    /** Its error arrives there. */
    private static boolean answersInTheFuture(Method method) {
        return CompletableFuture.class.isAssignableFrom(method.getReturnType());
    }

    private static boolean isCalledBack(Class<?> type, Method method) {
        return (type.isInterface() && !Samples.isOpened(type))
                || Stream.of(type.getInterfaces())
                        .filter(parent -> parent.getName().startsWith(Module.API.root()))
                        .flatMap(parent -> Stream.of(parent.getMethods()))
                        .anyMatch(parent -> parent.getName().equals(method.getName())
                                && Arrays.equals(parent.getParameterTypes(), method.getParameterTypes()));
    }

    private static boolean mustNotBeNull(Executable called, int index) {
        return !called.getParameterTypes()[index].isPrimitive()
                && !called.getAnnotatedParameterTypes()[index].isAnnotationPresent(Nullable.class);
    }

    /** Empty when the parameter is named or the error has a code, else what happened. */
    String answer(Samples samples) {
        try {
            call(samples);
            return "null was taken";
        } catch (InvocationTargetException e) {
            return judged(e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            return "could not be called: " + e;
        }
    }

    private void call(Samples samples) throws ReflectiveOperationException {
        @Nullable Object[] arguments = samples.arguments(called);
        arguments[index] = null;
        if (called instanceof Constructor<?> constructor) {
            constructor.newInstance(arguments);
        } else if (called instanceof Method method) {
            method.invoke(
                    Modifier.isStatic(method.getModifiers()) ? null : samples.of(method.getDeclaringClass()),
                    arguments);
        }
    }

    private static String judged(Throwable thrown) {
        if (thrown instanceof MessagingException) {
            return "";
        }
        String text = String.valueOf(thrown.getMessage());
        return thrown instanceof NullPointerException && NAME.matcher(text).matches()
                ? ""
                : thrown.getClass().getName() + " without the name of what is null";
    }

    @Override
    public String toString() {
        return called.getDeclaringClass().getSimpleName() + "."
                + (called instanceof Constructor ? "new" : called.getName())
                + Arrays.stream(called.getParameterTypes())
                        .map(Class::getSimpleName)
                        .toList()
                + " parameter " + index;
    }
}
