package io.microservicekit.messaging.core.internal.shared;

/** The newest value of something that is found out step by step. */
public final class Latest<T> {
    private volatile T value;

    /** Begins with a first value. */
    public Latest(T first) {
        this.value = first;
    }

    public T get() {
        return value;
    }

    public void set(T newer) {
        value = newer;
    }
}
