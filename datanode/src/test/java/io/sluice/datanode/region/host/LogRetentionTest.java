package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.region.host.LogRetention.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Bugs put back and seen here: the log purged past the slowest member or behind an image that is
 * copied, kept without a limit.
 */
class LogRetentionTest {
  private static final long NOBODY = Long.MAX_VALUE;
  private static final List<Segment> SEGMENTS =
      List.of(
          new Segment(0, 9, 100),
          new Segment(10, 19, 100),
          new Segment(20, 29, 100),
          new Segment(30, 39, 100));

  private final LogRetention retention = new LogRetention();

  private long purge(long durable, long slowest, long keptBytesMax) {
    return retention.purgeIndex(durable, slowest, SEGMENTS, keptBytesMax, 0);
  }

  @Test
  void aloneEverythingBehindTheManifestGoes() {
    assertThat(purge(35, NOBODY, 1_000)).isGreaterThanOrEqualTo(29).isLessThanOrEqualTo(35);
    assertThat(purge(-1, NOBODY, 1_000)).isEqualTo(-1);
  }

  @Test
  void whatTheSlowestMemberNeedsStays() {
    assertThat(purge(39, 15, 1_000)).isEqualTo(9);
    assertThat(purge(39, 20, 1_000)).isEqualTo(19);
    assertThat(purge(39, 0, 1_000)).isLessThan(0);
  }

  /** Without it two of three real replicas were seen to offer the third an image for ever. */
  @Test
  void theLastEntryThatTheSlowestMemberHasStaysToo() {
    assertThat(purge(39, 19, 1_000)).isEqualTo(9);
    assertThat(purge(39, 19, 250)).isEqualTo(9);
  }

  @Test
  void butNoMoreThanTheLimit() {
    assertThat(purge(39, 0, 250)).isEqualTo(19);
    assertThat(purge(39, 0, 0)).isEqualTo(39);
  }

  @Test
  void theLogBehindACopiedImageStaysAWhileLonger() {
    long hold = retention.copying(12, 0);
    assertThat(purge(39, NOBODY, 0)).isEqualTo(11);
    retention.copied(hold, 1_000);
    assertThat(retention.purgeIndex(39, NOBODY, SEGMENTS, 0, 2_000)).isEqualTo(11);
    assertThat(retention.purgeIndex(39, NOBODY, SEGMENTS, 0, 10_000_000)).isEqualTo(39);
  }
}
