package io.sluice.datanode.region.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry.Expire;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: a file that a pipe has not passed, one that a replica may still ask
 * for, one whose last point is the first that has not expired, one that hides points of an older
 * one.
 */
class ExpiryPlanTest {
  private RegionImage image = RegionImage.EMPTY;

  /** Ends at 10, 20, 30, ... */
  private void file(long firstMs, long lastMs) {
    long end = 10L * (image.files().size() + 1);
    Path path = Path.of(end + ".tsfile");
    image =
        image.replay(
            List.of(
                new Change.FileAdded(
                    new SealedFile(
                        end - 10, end, path, 1, 1, new TimeRange(firstMs, lastMs), Route.HERE)),
                new Change.Advanced(1, end, 0)));
  }

  private Optional<Expire> plan(long beforeMs, PipeFloor... floors) {
    return ExpiryPlan.next(image, List.of(floors), Long.MAX_VALUE, beforeMs);
  }

  private List<Long> expired(Expire order) {
    return ExpiryPlan.expired(image, order).stream().map(SealedFile::end).toList();
  }

  @Test
  void filesGoWhoseLastPointIsOlder() {
    file(0, 99);
    file(100, 199);
    file(200, 300);
    assertThat(plan(99)).isEmpty();
    assertThat(plan(100)).contains(new Expire(100, 30));
    assertThat(expired(new Expire(100, 30))).containsExactly(10L);
    assertThat(expired(new Expire(250, 30))).containsExactly(10L, 20L);
    assertThat(plan(Long.MIN_VALUE)).isEmpty();
  }

  @Test
  void whatAPipeHasNotPassedStays() {
    file(0, 99);
    file(100, 199);
    PipeFloor ahead = new PipeFloor(20, 20, false);
    assertThat(plan(500, new PipeFloor(0, 10, false), ahead)).isEmpty();
    assertThat(plan(500, new PipeFloor(10, 20, false), ahead)).contains(new Expire(500, 10));
    assertThat(expired(new Expire(500, 10))).containsExactly(10L);
    assertThat(plan(500, ahead)).contains(new Expire(500, 20));
  }

  @Test
  void whatAReplicaMayAskForStays() {
    file(0, 99);
    file(100, 199);
    assertThat(ExpiryPlan.next(image, List.of(), 9, 500)).isEmpty();
    assertThat(ExpiryPlan.next(image, List.of(), 10, 500)).contains(new Expire(500, 10));
  }

  @Test
  void aFileThatMayHidePointsOfOneThatStaysStays() {
    file(50, 600);
    file(60, 99);
    file(0, 49);
    file(20, 30);
    assertThat(expired(new Expire(500, 40))).containsExactly(30L, 40L);
    assertThat(expired(new Expire(601, 40))).containsExactly(10L, 20L, 30L, 40L);
  }
}
