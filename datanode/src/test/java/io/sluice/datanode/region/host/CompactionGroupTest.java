package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.StoredPoints;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.compact.PipeFloor;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas whose leader orders that files become fewer. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class CompactionGroupTest {
  private static final String DEVICE = "root.x.d";
  private static final Source SOURCE = new Source(new UUID(3, 3), new UUID(4, 4));
  private static final SealedFileWriter WRITER = new TsFileSealer(SealOptions.DEFAULT);

  /** What a run of files is merged from, and what may be left beside it. */
  private static final int FEW_FILES = 16;

  @TempDir Path folder;
  private final UUID id = UUID.randomUUID();
  private final StoredPoints reader = new StoredPoints();
  private final Map<String, Long> expected = new TreeMap<>();
  private volatile List<PipeFloor> pipes = List.of();
  private Replicas nodes;

  @BeforeEach
  void start() throws Exception {
    FileTools tools =
        new FileTools(WRITER, new TsFileMerger(SealOptions.DEFAULT), reader.files()::forget);
    nodes = new Replicas(folder, Replicas.small(64 << 20), tools);
    for (int node = 1; node <= 3; node++) {
      start(node);
    }
  }

  private void start(int node) throws Exception {
    nodes.start(node).mergeAsAllowedBy(region -> Optional.of(pipes));
  }

  @AfterEach
  void stop() {
    nodes.close();
    reader.close();
  }

  /** One file per row, of which some overwrite and some are deleted again. */
  private void trickle(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      put(i, i);
      put(i / 2, -i);
      if (i % 7 == 6) {
        LogEntry deletion = deletion(i - 1);
        nodes.apply(id, leader -> leader.propose(deletion));
        expected.remove(DEVICE + ".s " + (i - 1));
      }
      nodes.apply(id, Region::flush);
    }
  }

  private void put(long time, long value) throws Exception {
    LogEntry row = row(DEVICE, "s", time, value);
    nodes.apply(id, leader -> leader.propose(row));
    expected.put(DEVICE + ".s " + time, value);
  }

  private static LogEntry deletion(long time) {
    return new LogEntry.DeleteData(
        List.of(PathPattern.parse(DEVICE + ".s")), new TimeRange(time, time));
  }

  private void awaitFewEverywhere() {
    nodes.awaitEqual(id);
    await()
        .atMost(Replicas.PATIENCE)
        .until(
            () ->
                nodes.running().keySet().stream()
                    .allMatch(node -> nodes.region(node, id).figures().files() <= FEW_FILES));
  }

  private void assertAllHold() throws Exception {
    nodes.awaitEqual(id);
    for (int node : nodes.running().keySet()) {
      Region region = nodes.region(node, id);
      assertThat(reader.of(region::view)).as("node %s", node).isEqualTo(expected);
    }
  }

  @Test
  void everyReplicaDoesWhatTheLeaderOrdersAlsoOneThatWasAway() throws Exception {
    nodes.create(id, 1, 2, 3);
    trickle(0, 40);
    int away = nodes.awaitLeader(id) % 3 + 1;
    nodes.stop(away);
    trickle(40, 80);
    start(away);
    trickle(80, 100);
    awaitFewEverywhere();
    assertAllHold();
    int leader = nodes.awaitLeader(id);
    nodes.stop(leader);
    trickle(100, 120);
    start(leader);
    awaitFewEverywhere();
    assertAllHold();
  }

  @Test
  void aNewMemberCopiesTheImageWhileFilesAreMerged() throws Exception {
    nodes.create(id, 1);
    trickle(0, 20);
    Thread joins = new Thread(this::takeInTheOthers);
    joins.start();
    trickle(20, 120);
    joins.join();
    nodes.host(1).changeMembers(id, nodes.members(1, 2, 3));
    trickle(120, 140);
    awaitFewEverywhere();
    assertAllHold();
  }

  private void takeInTheOthers() {
    try {
      nodes.host(2).join(id, "root.x");
      nodes.host(1).changeMembers(id, nodes.members(1, 2));
      nodes.host(3).join(id, "root.x");
      nodes.host(1).changeMembers(id, nodes.members(1, 2, 3));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReplicaWhoseLoadedFileIsMergedAwayEverywhereCopiesAnImage() throws Exception {
    nodes.create(id, 1, 2, 3);
    int away = nodes.awaitLeader(id) % 3 + 1;
    nodes.stop(away);
    trickle(0, 3);
    AppliedRecord record = null;
    List<LogEntry.LoadFile> loads = new ArrayList<>();
    for (int piece = 1; piece <= 2; piece++) {
      Region leader = nodes.leading(id);
      LogEntry.LoadFile load = staged(leader, record, piece);
      assertThat(leader.propose(load).get()).isInstanceOf(Applied.class);
      loads.add(load);
      record = load.set();
    }
    // Files that another replica may ask for are merged only when there are many.
    pipes = List.of(new PipeFloor(0, 0, true));
    trickle(3, 40);
    await().atMost(Replicas.PATIENCE).until(() -> isNowhere(loads.get(0)));
    int copied = nodes.imagesCopied.get();
    start(away);
    AppliedRecord last = record;
    await()
        .atMost(Replicas.PATIENCE)
        .until(() -> last.equals(nodes.region(away, id).record(SOURCE)));
    assertAllHold();
    assertThat(nodes.imagesCopied.get()).isGreaterThan(copied);
    trickle(40, 50);
    assertAllHold();
  }

  private boolean isNowhere(LogEntry.LoadFile load) throws Exception {
    for (int node : nodes.running().keySet()) {
      Region region = nodes.region(node, id);
      if (region.loadFile(load.stagedName(), load.lengthBytes(), load.crc32c()).isPresent()) {
        return false;
      }
    }
    return true;
  }

  /** A piece of one point. */
  private LogEntry.LoadFile staged(Region leader, AppliedRecord expect, int piece)
      throws Exception {
    SeriesInfo series = Writes.series("root.x.loaded", "s", TSDataType.INT64);
    PointBatch point = new PointBatch(TSDataType.INT64, new long[] {piece}, new long[] {55}, 1);
    var device =
        new SealedFileWriter.DevicePoints(
            series.device(), false, List.of(new SealedFileWriter.Column(series.spec(), point)));
    var facts =
        WRITER.write(leader.stagingFolder().resolve("piece" + piece), List.of(device).iterator());
    expected.put("root.x.loaded.s " + piece, 55L);
    return new LogEntry.LoadFile(
        SOURCE,
        expect,
        new AppliedRecord(1, 1, piece),
        "piece" + piece,
        facts.lengthBytes(),
        facts.crc32c(),
        List.of(series),
        facts.times());
  }
}
