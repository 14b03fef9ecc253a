package io.microservicekit.messaging.core.internal.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Visits every reachable world once, breadth first, so that the path to a violation is a shortest one. */
final class ModelSearch {
    private static final int START = 1 << 16;

    /** A world still to be continued, and its number. */
    private record Open(int number, ModelWorld world) {}

    private final ModelBounds bounds;
    private final Set<Long> seen = new HashSet<>();
    private final ArrayDeque<Open> open = new ArrayDeque<>();
    private final Map<String, Integer> marks = new TreeMap<>();
    private int[] parents = new int[START];
    private ModelStep[] steps = new ModelStep[START];
    private int states;
    private int transitions;
    private int quiet;
    private int complete;

    ModelSearch(ModelBounds bounds) {
        this.bounds = bounds;
    }

    int states() {
        return states;
    }

    int quiet() {
        return quiet;
    }

    int complete() {
        return complete;
    }

    /** What happened, and how often. */
    Map<String, Integer> marks() {
        return marks;
    }

    @Override
    public String toString() {
        return bounds.name() + ": " + states + " states, " + transitions + " transitions, " + quiet + " quiet, "
                + complete + " complete";
    }

    /** Visits all; throws an AssertionError with the story of the first violation. */
    ModelSearch run() {
        visit(new ModelWorld(bounds), -1, new ModelStep(ModelStep.Kind.ASSIGN, 0, 0, 0));
        while (!open.isEmpty()) {
            expand(open.remove());
        }
        return this;
    }

    private void expand(Open from) {
        List<ModelStep> choices = ModelChoices.of(from.world());
        if (ModelChoices.areOptional(from.world(), choices)) {
            quiet(from);
        }
        for (ModelStep step : choices) {
            transitions++;
            ModelWorld next = from.world().copy(step.member());
            try {
                ModelMoves.take(next, step).forEach(mark -> marks.merge(mark, 1, Integer::sum));
            } catch (RuntimeException broken) {
                throw violation(from.number(), step, broken);
            }
            visit(next, from.number(), step);
        }
    }

    private void quiet(Open at) {
        quiet++;
        complete += at.world().isComplete() ? 1 : 0;
        try {
            at.world().verifyQuiet();
        } catch (RuntimeException broken) {
            throw violation(parents[at.number()], steps[at.number()], broken);
        }
    }

    private void visit(ModelWorld world, int parent, ModelStep step) {
        if (!seen.add(hash(world.dump()))) {
            return;
        }
        if (states == parents.length) {
            parents = Arrays.copyOf(parents, states * 2);
            steps = Arrays.copyOf(steps, states * 2);
        }
        parents[states] = parent;
        steps[states] = step;
        open.add(new Open(states++, world));
    }

    /** 64 bits: two of a million different worlds fall together with a probability below one in ten million. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    private AssertionError violation(int from, ModelStep last, RuntimeException broken) {
        List<ModelStep> path = new ArrayList<>();
        path.add(last);
        for (int at = from; at > 0; at = parents[at]) {
            path.add(steps[at]);
        }
        Collections.reverse(path);
        return new AssertionError(this + "\nviolated: " + broken.getMessage() + "\n" + story(path), broken);
    }

    /** Takes the path again and tells each step with the world after it. */
    private String story(List<ModelStep> path) {
        StringBuilder text = new StringBuilder();
        ModelWorld world = new ModelWorld(bounds);
        for (ModelStep step : path) {
            text.append("\n== ").append(step).append('\n');
            try {
                world = world.copy(step.member());
                ModelMoves.take(world, step);
            } catch (RuntimeException broken) {
                text.append("-- ").append(broken).append('\n');
            }
            text.append(world.dump());
        }
        return text.toString();
    }
}
