package io.sluice.datanode.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back: counts compared without hashes; a run that goes on over an equal cut; a
 * confirmation that does not mind what changed here between its looks.
 */
class ComparisonTest {
  private static final TimeSpan SENT = new TimeSpan(0, Long.MAX_VALUE);

  private final MapSide here = new MapSide();
  private final MapSide there = new MapSide();

  private static DigestPart part(String device) {
    return new DigestPart(device, List.of("s"));
  }

  private void both(String device, int rows) {
    for (long time = 0; time < rows; time++) {
      here.device(device).put(time * 10, time);
      there.device(device).put(time * 10, time);
    }
  }

  private List<Difference> found() throws Exception {
    Comparison comparison = new Comparison(here, there, 1_000, 100_000);
    for (String device : new TreeSet<>(here.devices.keySet())) {
      comparison.compare(part(device), SENT);
    }
    comparison.finish();
    return comparison.found();
  }

  private static Difference one(String device, long time, int missing, int changed, int extra) {
    TimeSpan span = new TimeSpan(time, time);
    return new Difference(part(device), span, missing, changed, extra, true);
  }

  @Test
  void oneChangedOneMissingAndOneExtraRowAreNamedAndLittleIsSaid() throws Exception {
    both("a", 300_000);
    both("b", 50_000);
    both("c", 0);
    there.device("a").put(1_234_560L, -1L);
    there.device("a").remove(2_999_990L);
    there.device("b").put(333L, 5L);
    there.device("b").put(500_005L, 6L);
    assertThat(found())
        .containsExactly(
            one("a", 1_234_560, 0, 1, 0),
            one("a", 2_999_990, 1, 0, 0),
            one("b", 333, 0, 0, 1),
            one("b", 500_005, 0, 0, 1));
    // Of 350,000 points of 16 bytes.
    assertThat(there.exchangedBytes()).isLessThan(350_000 * 16 / 100);
  }

  @Test
  void whatIsMissingWholeIsOneRunAndNotAskedForRowByRow() throws Exception {
    both("a", 10);
    both("b", 300_000);
    both("c", 10);
    there.device("b").clear();
    assertThat(found())
        .containsExactly(
            new Difference(part("b"), new TimeSpan(0, 2_999_990), 300_000, 0, 0, true));
    assertThat(there.rowsAsked).isZero();
  }

  @Test
  void behindTheLimitDifferencesAreCoarse() throws Exception {
    both("a", 100_000);
    there.device("a").replaceAll((time, value) -> time % 40 == 0 ? -value - 1 : value);
    Comparison comparison = new Comparison(here, there, 100, 100_000);
    comparison.compare(part("a"), SENT);
    comparison.finish();
    assertThat(comparison.found().size()).isBetween(100, 300);
    assertThat(comparison.found()).anyMatch(difference -> !difference.exact());
    assertThat(comparison.found().get(comparison.found().size() - 1).span().last())
        .isEqualTo(Long.MAX_VALUE);
  }

  /** Every row that differs is in exactly one run, and a run has no equal row inside. */
  @Test
  void runsAreWhatComparingAllRowsFinds() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      here.devices.clear();
      there.devices.clear();
      for (String device : List.of("a", "b", "c")) {
        both(device, random.nextInt(3_000));
        int damages = random.nextInt(40);
        for (int i = 0; i < damages; i++) {
          long time = random.nextInt(30_010);
          MapSide side = random.nextBoolean() ? here : there;
          if (random.nextBoolean()) {
            side.device(device).remove(time - time % 10);
          } else {
            side.device(device).put(random.nextBoolean() ? time : time - time % 10, 99_999L);
          }
        }
      }
      assertThat(found()).as("seed " + seed).isEqualTo(bruteForce());
    }
  }

  private List<Difference> bruteForce() {
    List<Difference> runs = new ArrayList<>();
    for (String device : new TreeSet<>(here.devices.keySet())) {
      TreeMap<Long, Long> ours = here.device(device);
      Map<Long, Long> theirs = there.device(device);
      TreeSet<Long> times = new TreeSet<>(ours.keySet());
      times.addAll(theirs.keySet());
      Difference open = null;
      for (long time : times) {
        if (Objects.equals(ours.get(time), theirs.get(time))) {
          open = null;
          continue;
        }
        int missing = theirs.get(time) == null ? 1 : 0;
        int extra = ours.get(time) == null ? 1 : 0;
        if (open != null) {
          runs.remove(runs.size() - 1);
        }
        open =
            new Difference(
                part(device),
                new TimeSpan(open == null ? time : open.span().first(), time),
                missing + (open == null ? 0 : open.missing()),
                1 - missing - extra + (open == null ? 0 : open.changed()),
                extra + (open == null ? 0 : open.extra()),
                true);
        runs.add(open);
      }
    }
    return runs;
  }

  @Test
  void whatChangesHereMeanwhileIsNotReported() throws Exception {
    both("a", 1_000);
    there.device("a").remove(100L);
    there.device("a").put(200L, -1L);
    there.device("a").put(305L, -1L);
    here.device("a").put(400L, -1L);
    Confirmation confirmation = Confirmation.of(found(), here, there);
    there.device("a").put(100L, 10L);
    here.device("a").put(200L, -2L);
    assertThat(confirmation.confirmed())
        .containsExactly(one("a", 305, 0, 0, 1), one("a", 400, 0, 1, 0));
  }

  @Test
  void whatTheReceiverItselfBroughtIsNotMissing() throws Exception {
    both("a", 100);
    there.device("a").remove(100L);
    there.device("a").remove(200L);
    here.brought.put("a", new TreeMap<>(Map.of(100L, 10L)));
    assertThat(Confirmation.of(found(), here, there).confirmed())
        .containsExactly(one("a", 200, 1, 0, 0));
  }

  @Test
  void longAndCoarseDifferencesAreConfirmedByHashes() throws Exception {
    both("a", 30_000);
    both("b", 30_000);
    there.device("a").clear();
    List<Difference> found = new ArrayList<>(found());
    found.add(new Difference(part("b"), new TimeSpan(0, Long.MAX_VALUE), 0, 1, 0, false));
    there.device("b").put(5L, 5L);
    List<Difference> confirmed = Confirmation.of(found, here, there).confirmed();
    assertThat(confirmed).hasSize(2);
    assertThat(confirmed.get(0).missing()).isEqualTo(30_000);
    assertThat(confirmed.get(1).part()).isEqualTo(part("b"));
    assertThat(confirmed.get(1).exact()).isFalse();
  }
}
