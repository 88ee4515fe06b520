package io.sluice.datanode.region.store;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.series;
import static io.sluice.datanode.region.Writes.tablet;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntryBytes;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** The same log gives the same region, with or without crashes on the way. */
class ReplayDeterminismTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID REGION = new UUID(2, 2);

  @TempDir Path temp;

  private static List<LogEntry> randomLog(Random random) {
    List<LogEntry> log = new ArrayList<>();
    long session = 0;
    for (int i = 0; i < 120; i++) {
      String device = "root.x.d" + random.nextInt(4);
      String measurement = "s" + random.nextInt(4);
      PathPattern pattern =
          PathPattern.parse(random.nextBoolean() ? device + "." + measurement : device + ".*");
      switch (random.nextInt(9)) {
        case 0 -> log.add(tablet(device, random.nextInt(300), 1 + random.nextInt(90), 2));
        case 1 ->
            log.add(
                new LogEntry.CreateSeries(
                    List.of(series(device, measurement, TSDataType.TEXT)), random.nextBoolean()));
        case 2 -> log.add(new LogEntry.DeleteData(List.of(pattern), new TimeRange(0, 150)));
        case 3 -> log.add(new LogEntry.DeleteSeries(List.of(pattern)));
        case 4 -> log.add(new LogEntry.Seal());
        case 5 -> log.add(new LogEntry.NewLeader(1 + random.nextInt(1000)));
        case 6 -> {
          long next = 1 + random.nextInt(5);
          log.add(new LogEntry.WriteLedger(ledger(next), random.nextBoolean() ? session : next));
          session = next;
        }
        default -> log.add(row(device, measurement, random.nextInt(400), random.nextInt()));
      }
    }
    return log;
  }

  private static Ledger ledger(long session) {
    Source source = new Source(new UUID(5, 5), new UUID(6, 6));
    return new Ledger(
        source,
        session,
        1,
        2,
        0,
        Lineage.EMPTY,
        List.of(),
        Map.of(),
        new Ledger.PipeFacts("p", 1, "127.0.0.1", "root.x", true));
  }

  /** What a run came to: every answer, the image, the ranges, all points in memory. */
  private record Outcome(
      List<String> answers,
      List<String> facts,
      TreeMap<String, Object> memory,
      List<String> files) {}

  private Outcome run(String name, List<LogEntry> log, Random crashes) throws Exception {
    Path folder = temp.resolve(name);
    FakeSealedFileWriter writer = new FakeSealedFileWriter();
    MemoryBudget memory = new MemoryBudget(1 << 30);
    RegionStore.create(folder, new ManifestIdentity(CLUSTER, REGION, "root.x"));
    RegionStore store =
        RegionStore.open(folder, CLUSTER, REGION, writer, memory, MissingFiles.NOWHERE);
    String[] answers = new String[log.size() + 1];
    answers[0] = "the log's first entry is not ours";
    for (int index = 1; index <= log.size(); index++) {
      ByteBuffer bytes = ByteBuffer.wrap(LogEntryBytes.encode(log.get(index - 1)));
      ApplyResult answer = store.apply(1, index, LogEntryBytes.decode(bytes), null);
      assertThat(answers[index]).isIn(null, answer.toString());
      answers[index] = answer.toString();
      if (crashes == null
          || crashes.nextInt(3) == 0
          || log.get(index - 1) instanceof LogEntry.Seal) {
        store.flushNext();
      }
      while (store.flushWaits() && (crashes == null || crashes.nextBoolean())) {
        store.flushNext();
      }
      if (crashes != null && crashes.nextInt(15) == 0) {
        store.close();
        store = RegionStore.open(folder, CLUSTER, REGION, writer, memory, MissingFiles.NOWHERE);
        index = (int) Math.max(0, store.image().index());
      }
    }
    while (store.flushWaits()) {
      store.flushNext();
    }
    Outcome outcome = outcome(store, answers);
    store.close();
    return outcome;
  }

  private static Outcome outcome(RegionStore store, String[] answers) throws Exception {
    RegionImage image = store.image();
    List<String> facts = new ArrayList<>();
    facts.add(image.index() + " " + image.lastDataIndex() + " " + image.lineage());
    facts.add(image.ledgers().toString());
    image.schema().forEach((name, device) -> facts.add(name + new TreeMap<>(device.specs())));
    image.hidden().forEach((key, hidden) -> facts.add(key + " " + hidden));
    TreeMap<String, Object> points = new TreeMap<>();
    try (RegionView view = store.view()) {
      for (SeriesInfo info : view.series(List.of(PathPattern.parse("root.**")))) {
        for (RegionView.Memory table : view.memory()) {
          PointBatch batch = table.points(info.key());
          for (int i = 0; batch != null && i < batch.count(); i++) {
            Object value = java.lang.reflect.Array.get(batch.values(), i);
            points.put(info.key().path() + " " + batch.times()[i] + " " + table.end(), value);
          }
        }
      }
    }
    List<String> files = new ArrayList<>();
    for (var file : store.durable().files()) {
      files.add(
          file.start() + " " + file.end() + " " + file.times() + Files.readString(file.path()));
    }
    return new Outcome(List.of(answers).subList(1, answers.length), facts, points, files);
  }

  @RepeatedTest(25)
  void crashesChangeNothing(RepetitionInfo repetition) throws Exception {
    long seed = repetition.getCurrentRepetition();
    List<LogEntry> log = randomLog(new Random(seed));
    Outcome straight = run("straight", log, null);
    Outcome crashed = run("crashed", log, new Random(seed + 1000));
    assertThat(crashed).as("seed %s", seed).isEqualTo(straight);
  }
}
