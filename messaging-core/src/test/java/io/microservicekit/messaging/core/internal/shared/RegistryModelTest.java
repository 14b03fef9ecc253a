package io.microservicekit.messaging.core.internal.shared;

import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Children come and go while the client closes. */
@Param(name = "member", gen = IntGen.class, conf = "1:3")
public class RegistryModelTest {
    private final Registry<Integer> registry = new Registry<>();

    @Operation
    public boolean add(@Param(name = "member") int member) {
        return registry.add(member);
    }

    @Operation
    public void remove(@Param(name = "member") int member) {
        registry.remove(member);
    }

    @Operation
    public List<Integer> seal() {
        return registry.seal();
    }

    @Test
    @Tag("long-model")
    void eachMemberIsEitherSealedInOrRefused() {
        Interleavings.check(RegistryModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(RegistryModelTest.class);
    }
}
