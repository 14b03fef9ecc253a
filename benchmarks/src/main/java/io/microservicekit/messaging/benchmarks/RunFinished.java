package io.microservicekit.messaging.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * The one event that a worker posts per run.
 *
 * @param run the run, which carries the epoch of its assignment
 * @param completed how many records, from the first on, the handler returned from normally
 * @param failure what the handler threw at the record after these, or null if it threw nothing
 */
record RunFinished(Run run, int completed, @Nullable Throwable failure) {}
