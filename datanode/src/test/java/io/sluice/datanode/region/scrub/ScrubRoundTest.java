package io.sluice.datanode.region.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.scrub.ScrubRound.Next;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Seen to fail with a place that forgets its region. */
class ScrubRoundTest {
  private static final UUID FIRST = new UUID(1, 1);
  private static final UUID SECOND = new UUID(1, 2);
  private static final long INTERVAL_MS = 1_000;

  private final SortedMap<UUID, List<SealedFile>> files = new TreeMap<>();

  private static SealedFile file(long end) {
    return new SealedFile(end - 1, end, Path.of("f" + end), 1, 1, new TimeRange(0, 1), Route.HERE);
  }

  private void files(UUID region, long... ends) {
    List<SealedFile> all = new ArrayList<>();
    for (long end : ends) {
      all.add(file(end));
    }
    files.put(region, all);
  }

  @Test
  void aRoundSeesEveryFileOnceAndTheNextBeginsAnIntervalAfterIt() {
    files(FIRST, 3, 8);
    files(SECOND, 1, 5);
    ScrubRound round = ScrubRound.over(0);
    assertThat(round.next(files, 10, INTERVAL_MS)).isEqualTo(new Next.Rest(990));
    List<String> seen = new ArrayList<>();
    Next next = round.next(files, 1_000, INTERVAL_MS);
    while (next instanceof Next.Check check && seen.size() < 10) {
      seen.add(check.region().getLeastSignificantBits() + ":" + check.file().end());
      next = check.then().next(files, 1_500, INTERVAL_MS);
    }
    assertThat(seen).containsExactly("1:3", "1:8", "2:1", "2:5");
    ScrubRound after = ((Next.Finish) next).then();
    assertThat(after.next(files, 1_600, INTERVAL_MS)).isEqualTo(new Next.Rest(400));
    assertThat(after.next(files, 2_000, INTERVAL_MS)).isInstanceOf(Next.Check.class);
  }

  @Test
  void filesAndRegionsComeAndGoUnderARound() {
    files(FIRST, 3, 8);
    Next.Check check = (Next.Check) ScrubRound.over(0).next(files, 1_000, INTERVAL_MS);
    files(FIRST, 8, 9);
    files(SECOND, 1);
    check = (Next.Check) check.then().next(files, 1_000, INTERVAL_MS);
    assertThat(check.file().end()).isEqualTo(8);
    files.remove(FIRST);
    check = (Next.Check) check.then().next(files, 1_000, INTERVAL_MS);
    assertThat(check.region()).isEqualTo(SECOND);
  }

  @Test
  void aClockThatWentBackDoesNotKeepARoundFromBeginning() {
    files(FIRST, 3);
    assertThat(ScrubRound.over(1_000_000).next(files, 5, INTERVAL_MS))
        .isInstanceOf(Next.Check.class);
  }

  @Test
  void theRateIsKeptByRestingAfterEachPiece() {
    ScrubOptions options = new ScrubOptions(1, 1 << 20);
    assertThat(options.pauseMs(1 << 20, 0)).isEqualTo(1_000);
    assertThat(options.pauseMs(1 << 20, 400)).isEqualTo(600);
    assertThat(options.pauseMs(1 << 20, 4_000)).isZero();
    assertThat(new ScrubOptions(1, 0).pauseMs(1 << 20, 0)).isZero();
  }
}
