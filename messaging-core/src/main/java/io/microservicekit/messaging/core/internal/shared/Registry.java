package io.microservicekit.messaging.core.internal.shared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The open children of a client, in the order they were made; sealed when the client closes. */
public final class Registry<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<T> members = new LinkedHashSet<>();
    private boolean sealed;

    /** An empty, open registry. */
    public Registry() {}

    /** Whether the member was added; never after {@link #seal()}. */
    public boolean add(T member) {
        lock.lock();
        try {
            return !sealed && members.add(member);
        } finally {
            lock.unlock();
        }
    }

    public void remove(T member) {
        lock.lock();
        try {
            members.remove(member);
        } finally {
            lock.unlock();
        }
    }

    /** Those that are there now. */
    public List<T> members() {
        lock.lock();
        try {
            return new ArrayList<>(members);
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return members.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more members, and returns those that are there. */
    public List<T> seal() {
        lock.lock();
        try {
            sealed = true;
            return new ArrayList<>(members);
        } finally {
            lock.unlock();
        }
    }
}
