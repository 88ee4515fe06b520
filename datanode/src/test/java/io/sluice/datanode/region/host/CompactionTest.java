package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.StoredPoints;
import io.sluice.datanode.region.compact.PipeFloor;
import io.sluice.datanode.tsfile.ChunkPages;
import io.sluice.datanode.tsfile.ChunkSpan;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twelve hours of a trickle, a seal every two minutes, as fast as it goes. */
class CompactionTest {
  private static final int SEALS = 12 * 30;
  private static final int FILES_MAX = 64;

  /** Two segments, and what comes while they are written out. */
  private static final long LOG_BYTES_MAX = 24 << 20;

  /** Together more than the log may be. */
  private static final int ROWS = 8_000;

  private static final SeriesKey TRICKLE = new SeriesKey("root.x.d", "s");

  @TempDir Path folder;
  private final StoredPoints reader = new StoredPoints();
  private final UUID id = UUID.randomUUID();
  private final Map<Long, Long> received = new TreeMap<>();
  private volatile PipeFloor floor = new PipeFloor(0, 0, false);
  private RegionHost host;

  private enum Pipe {
    RUNNING,
    STOPPED,
    RECEIVER_AWAY
  }

  @BeforeEach
  void start() throws Exception {
    host =
        RegionHost.open(
            new RegionHostOptions(new UUID(1, 2), 1, folder, "127.0.0.1", 0, RegionOptions.DEFAULT),
            new FileTools(
                new TsFileSealer(SealOptions.DEFAULT),
                new TsFileMerger(SealOptions.DEFAULT),
                reader.files()::forget),
            new NoPeers());
    host.mergeAsAllowedBy(region -> Optional.of(List.of(floor)));
  }

  @AfterEach
  void stop() {
    host.close();
    reader.close();
  }

  @ParameterizedTest
  @EnumSource(Pipe.class)
  void liveFilesAndLogStaySmallAndNothingIsLost(Pipe pipe) throws Exception {
    Region region = host.create(id, "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
    Map<Long, Long> written = new TreeMap<>();
    List<Path> begun = new ArrayList<>();
    for (int seal = 0; seal < SEALS; seal++) {
      put(region, seal, seal, written);
      put(region, seal / 2, -seal, written);
      assertThat(region.propose(tablet("root.x.bulk", 0, ROWS, 1)).get())
          .isInstanceOf(Applied.class);
      assertThat(region.flush().get(60, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
      if (pipe == Pipe.RUNNING || seal < SEALS / 4) {
        ship(region);
      } else if (seal == SEALS / 4 + 5 && pipe == Pipe.RECEIVER_AWAY) {
        begun = begin(region);
        assertThat(begun).isNotEmpty();
      }
      assertThat(region.figures().files()).as("seal %s", seal).isLessThanOrEqualTo(FILES_MAX);
      awaitFewer(region);
    }
    assertThat(begun).allSatisfy(path -> assertThat(path).exists());
    ship(region);
    assertThat(received).isEqualTo(written);
    assertThat(trickle(region)).isEqualTo(written);
    awaitFewer(region);
  }

  /**
   * Two minutes are long: what is worth a merge is merged before they are over, and the log purged
   * behind it.
   */
  private static void awaitFewer(Region region) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                region.figures().files() <= FILES_MAX - 16
                    && region.figures().logBytes() < LOG_BYTES_MAX);
  }

  private void put(Region region, long time, long value, Map<Long, Long> written) throws Exception {
    assertThat(region.propose(row("root.x.d", "s", time, value)).get()).isInstanceOf(Applied.class);
    written.put(time, value);
  }

  /** Sends every range that is durable; the receiver applies them one after another. */
  private void ship(Region region) throws Exception {
    while (true) {
      try (RegionView view = region.view()) {
        Optional<SealedFile> next = region.firstSealedAfter(floor.position());
        if (next.isEmpty()) {
          return;
        }
        assertThat(view.appliedIndex()).isGreaterThanOrEqualTo(floor.position());
        if (next.get().path() != null) {
          receive(next.get());
        }
        floor = new PipeFloor(next.get().end(), next.get().end(), false);
      }
    }
  }

  private void receive(SealedFile file) throws Exception {
    FileKey key = new FileKey(file.path(), file.lengthBytes(), file.crc32c());
    SealedFileReader files = reader.files();
    for (ChunkSpan chunk : files.chunks(key, TRICKLE)) {
      ChunkPages pages = files.pages(chunk);
      for (int page = 0; page < pages.count(); page++) {
        PointBatch points = pages.read(page);
        for (int i = 0; i < points.count(); i++) {
          received.put(points.times()[i], points.longs()[i]);
        }
      }
    }
  }

  /** The transfer of what is durable beyond the position begins, and gets no further. */
  private List<Path> begin(Region region) {
    List<Path> begun = new ArrayList<>();
    long at = floor.position();
    for (Optional<SealedFile> next = region.firstSealedAfter(at);
        next.isPresent();
        next = region.firstSealedAfter(at)) {
      at = next.get().end();
      if (next.get().path() != null) {
        begun.add(next.get().path());
      }
    }
    floor = new PipeFloor(floor.position(), at, false);
    return begun;
  }

  private Map<Long, Long> trickle(Region region) throws Exception {
    Map<Long, Long> points = new TreeMap<>();
    String prefix = TRICKLE.path() + " ";
    reader
        .of(region::view)
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                points.put(Long.parseLong(name.substring(prefix.length())), value);
              }
            });
    return points;
  }
}
