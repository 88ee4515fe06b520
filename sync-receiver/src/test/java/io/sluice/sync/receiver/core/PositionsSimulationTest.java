package io.sluice.sync.receiver.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.sync.receiver.core.PositionsModel.Fault;
import io.sluice.sync.receiver.core.PositionsModel.Scheme;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Thousands of random histories over the production arithmetic. A failing seed is named and is
 * replayed by {@code -Dsync.seed=N}; {@code mvn verify -Pfuzz -Dseeds=N} runs that many per mix of
 * faults.
 *
 * <p>Known bugs that were put in one by one, and seen to fail here: no compare with {@code expect}
 * (a late proposal overtakes); the start taken from the ledger although a target's record is older;
 * a record that cannot be placed not pulling the start to 0; the lineage left out of {@link
 * Timeline#holds}; the lineages' agreement left out of the start; the position passing a piece one
 * target of which has not answered. What only shows with another start time (a new pipe number that
 * keeps the old position or records) is in {@link HandshakeTest}.
 */
class PositionsSimulationTest {
  private static final long SEEDS = Long.getLong("seeds", 3_000);

  private static final List<Set<Fault>> MIXES =
      List.of(
          Set.of(),
          EnumSet.of(Fault.NEW_PIPE),
          EnumSet.of(Fault.NEW_LEADER),
          EnumSet.of(Fault.RESTORED_TARGET),
          EnumSet.of(Fault.DROPPED_TARGET),
          EnumSet.of(Fault.RESTORED_SENDER, Fault.NEW_LEADER),
          EnumSet.of(
              Fault.NEW_PIPE,
              Fault.NEW_LEADER,
              Fault.RESTORED_TARGET,
              Fault.DROPPED_TARGET,
              Fault.RESTORED_SENDER));

  @TestFactory
  List<DynamicTest> recordAndLedgerLoseNothing() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Set<Fault> mix : MIXES) {
      tests.add(DynamicTest.dynamicTest(mix.toString(), () -> holds(mix)));
    }
    return tests;
  }

  private static void holds(Set<Fault> mix) {
    Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    Long only = Long.getLong("sync.seed");
    long first = only == null ? 0 : only;
    long end = only == null ? SEEDS : only + 1;
    for (long seed = first; seed < end; seed++) {
      PositionsModel model = new PositionsModel(Scheme.RECORD, seed, mix);
      assertThat(model.run()).as("devices that differ, faults %s, seed %d", mix, seed).isEmpty();
      model.counts().forEach((fault, count) -> counts.merge(fault, count, Integer::sum));
    }
    System.out.println("faults " + mix + ": " + (end - first) + " histories, " + counts);
    if (only == null) {
      assertThat(counts.keySet()).containsAll(mix);
      assertThat(counts.keySet())
          .contains(Fault.CUT, Fault.LOST_PROPOSAL, Fault.LATE_PROPOSAL, Fault.LOST_ANSWER);
    }
  }

  /** The model must be able to fail: the scheme that is known to lose points loses them here. */
  @Test
  void oneWatermarkPerTargetLosesPoints() {
    for (Set<Fault> mix : MIXES) {
      long unequal = 0;
      for (long seed = 0; seed < 3_000; seed++) {
        unequal += new PositionsModel(Scheme.WATERMARK, seed, mix).run().isEmpty() ? 0 : 1;
      }
      assertThat(unequal).as("unequal histories with %s", mix).isPositive();
    }
  }
}
