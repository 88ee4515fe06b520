package io.sluice.sync.sender.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.SeriesConflict;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What every {@link SourceRegion} keeps; its fake and its real adapter both run this. */
public abstract class SourceRegionContract {
  protected static final UUID RECEIVER = new UUID(5, 5);
  protected static final long NO_START_TIME = Long.MIN_VALUE;
  private static final long PIPE = 3;
  protected static final Wanted EVERYTHING = new Wanted(PIPE, NO_START_TIME, true, RECEIVER);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The region under test, without rows. */
  protected abstract SourceRegion region() throws Exception;

  /** Writes one point of any series of the region. */
  protected abstract void write(long time) throws Exception;

  /** Makes what was written durable ranges before it returns. */
  protected abstract void seal() throws Exception;

  /** A series that {@link #write} writes. */
  protected abstract SeriesConflict series();

  /** RETRY PIPE ... QUARANTINE. */
  protected abstract void rejoin(long pipeNumber) throws Exception;

  private ReadyRange next(long index, long startTimeMs) throws Exception {
    return region()
        .openNextAfter(index, new Wanted(PIPE, startTimeMs, true, RECEIVER))
        .orElseThrow();
  }

  @Test
  protected void aNewRegionHasNothingToShip() throws Exception {
    ReadyRange[] found = new ReadyRange[1];
    region().openNextAfter(0, EVERYTHING).ifPresent(range -> found[0] = range);
    if (found[0] != null) {
      assertThat(found[0].file()).as("bookkeeping may be durable, points not").isEmpty();
    }
    assertThat(region().database()).isNotEmpty();
  }

  @Test
  protected void rangesComeInOrderWithoutGapsAndCoverEverything() throws Exception {
    for (int i = 0; i < 3; i++) {
      write(10 + i);
      seal();
    }
    long position = 0;
    List<Long> ends = new ArrayList<>();
    for (var range = region().openNextAfter(position, EVERYTHING);
        range.isPresent();
        range = region().openNextAfter(position, EVERYTHING)) {
      assertThat(range.get().start()).isLessThanOrEqualTo(position);
      assertThat(range.get().end()).isGreaterThan(position);
      position = range.get().end();
      if (range.get().file().isPresent()) {
        ends.add(position);
        range.get().file().get().close();
      }
    }
    assertThat(ends).hasSize(3);
    assertThat(position).isGreaterThanOrEqualTo(region().lastDataIndex());
    assertThat(region().logEnd()).isGreaterThanOrEqualTo(position);
  }

  @Test
  protected void everyShippedEndHasALineage() throws Exception {
    write(10);
    seal();
    ReadyRange range = next(0, NO_START_TIME);
    assertThat(region().lineage().numberAt(range.end())).isNotEqualTo(Lineage.NONE);
    range.file().ifPresent(PieceFile::close);
  }

  @Test
  protected void aFileIsWhatItSaysUntilItIsClosed() throws Exception {
    write(10);
    seal();
    PieceFile file = next(0, NO_START_TIME).file().orElseThrow();
    byte[] bytes = Files.readAllBytes(file.path());
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(bytes).hasSize((int) file.lengthBytes());
    assertThat((int) crc.getValue()).isEqualTo(file.crc32c());
    assertThat(region().backlogAfter(0).bytes()).isPositive();
    assertThat(region().backlogAfter(0).files()).isEqualTo(1);
    assertThat(region().backlogAfter(region().logEnd())).isEqualTo(Backlog.NONE);
    file.close();
    assertThat(file.path()).doesNotExist();
    PieceFile again = next(0, NO_START_TIME).file().orElseThrow();
    assertThat(again.lengthBytes()).isEqualTo(file.lengthBytes());
    assertThat(again.crc32c()).as("a resend resumes the same file").isEqualTo(file.crc32c());
    again.close();
  }

  @Test
  protected void aRangeWhollyBeforeTheStartTimeHasNothingToShip() throws Exception {
    write(10);
    seal();
    assertThat(next(0, 11).file()).isEmpty();
    PieceFile at = next(0, 10).file().orElseThrow();
    at.close();
  }

  @Test
  protected void rowsInMemoryBecomeARangeWhenAskedFor() throws Exception {
    write(10);
    assertThat(region().lastDataIndex()).isPositive();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              region().sealSoon();
              var range = region().openNextAfter(0, EVERYTHING);
              range.flatMap(ReadyRange::file).ifPresent(PieceFile::close);
              return range.flatMap(ReadyRange::file).isPresent();
            });
  }

  @Test
  protected void aSeriesHeldBackIsLeftOutUntilItRejoinsWhole() throws Exception {
    write(10);
    seal();
    ReadyRange first = next(0, NO_START_TIME);
    first.file().orElseThrow().close();
    write(11);
    seal();
    ReadyRange refused = next(first.end(), NO_START_TIME);
    refused.file().orElseThrow().close();
    assertThat(region().holdBack(PIPE, refused.end(), List.of(series()))).isEqualTo(1);
    assertThat(region().holdBack(PIPE, refused.end(), List.of(series()))).isZero();
    assertThat(region().heldBack(PIPE)).isEqualTo(1);
    assertThat(next(first.end(), NO_START_TIME).file()).as("left out").isEmpty();
    PieceFile before = next(0, NO_START_TIME).file().orElseThrow();
    before.close();
    var other =
        region().openNextAfter(first.end(), new Wanted(PIPE + 1, NO_START_TIME, true, RECEIVER));
    other.flatMap(ReadyRange::file).orElseThrow().close();
    rejoin(PIPE);
    write(12);
    seal();
    assertThat(region().heldBack(PIPE)).isZero();
    List<Long> lengths = new ArrayList<>();
    long position = first.end();
    while (position < region().lastDataIndex()) {
      ReadyRange range = next(position, NO_START_TIME);
      position = range.end();
      range.file().ifPresent(file -> lengths.add(file.lengthBytes()));
      range.file().ifPresent(PieceFile::close);
    }
    assertThat(lengths).as("the series whole, then what was written since").hasSize(2);
    region().forgetPipe(PIPE);
    PieceFile again = next(first.end(), NO_START_TIME).file().orElseThrow();
    again.close();
  }
}
