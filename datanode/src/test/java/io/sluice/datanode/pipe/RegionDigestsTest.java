package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.series;
import static io.sluice.datanode.region.Writes.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal rows, written in whatever order and batches, have equal hashes. */
class RegionDigestsTest {
  private static final List<TSDataType> TYPES =
      List.of(
          TSDataType.BOOLEAN,
          TSDataType.INT32,
          TSDataType.INT64,
          TSDataType.FLOAT,
          TSDataType.DOUBLE,
          TSDataType.TEXT,
          TSDataType.TIMESTAMP,
          TSDataType.DATE);

  private static final DigestPart PART =
      new DigestPart("root.a.d", List.of("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t"));
  private static final TimeSpan ALL = new TimeSpan(Long.MIN_VALUE, Long.MAX_VALUE);

  @TempDir Path folder;

  private static Object value(TSDataType type, Random random) {
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case INT32 -> random.nextInt();
      case DATE -> 20_260_101 + random.nextInt(28);
      case INT64, TIMESTAMP -> random.nextLong();
      case FLOAT -> random.nextInt(10) == 0 ? Float.NaN : random.nextFloat();
      case DOUBLE -> random.nextDouble();
      default -> new Binary("x".repeat(random.nextInt(20)), StandardCharsets.UTF_8);
    };
  }

  private static List<LogEntry.Row> rows(Random random) {
    List<LogEntry.Row> rows = new ArrayList<>();
    for (long time = -50; time < 250; time++) {
      for (int column = 0; column < TYPES.size(); column++) {
        if (random.nextInt(3) > 0) {
          rows.add(
              new LogEntry.Row(
                  "root.a.d",
                  false,
                  time,
                  List.of(spec("s" + column, TYPES.get(column))),
                  List.of(value(TYPES.get(column), random))));
        }
      }
    }
    return rows;
  }

  private static void write(OneNodeCluster cluster, List<LogEntry.Row> rows, Random random)
      throws Exception {
    List<LogEntry.Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    int from = 0;
    while (from < shuffled.size()) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(400));
      cluster.write(new LogEntry.InsertRows(shuffled.subList(from, to)), "root.a.d");
      if (random.nextInt(4) == 0) {
        cluster.flush();
      }
      from = to;
    }
  }

  private static DigestAnswer digest(OneNodeCluster cluster, DigestQuery query) throws Exception {
    return cluster.access().regionOf("root.a.d").digest(query);
  }

  private static List<RangeHash> hashes(OneNodeCluster cluster, List<TimeSpan> spans)
      throws Exception {
    DigestAnswer answer = digest(cluster, DigestQuery.asAsked(PART, spans));
    assertThat(answer.complete()).isTrue();
    return answer.digests().stream().map(SpanDigest::hash).toList();
  }

  @Test
  void hashesDependOnPointsAlone() throws Exception {
    Random random = new Random(5);
    try (var one = new OneNodeCluster(folder.resolve("one"), 1);
        var other = new OneNodeCluster(folder.resolve("other"), 1)) {
      List<LogEntry.Row> rows = rows(random);
      write(one, rows, random);
      write(other, rows, random);
      other.write(
          new LogEntry.CreateSeries(List.of(series("root.a.d", "t", TSDataType.INT64)), false),
          "root.a.d");
      DigestAnswer cuts = digest(one, DigestQuery.everyRows(PART, ALL, 37));
      List<TimeSpan> spans = cuts.digests().stream().map(SpanDigest::span).toList();
      assertThat(spans.get(0).first()).isEqualTo(Long.MIN_VALUE);
      assertThat(spans.get(spans.size() - 1).last()).isEqualTo(Long.MAX_VALUE);
      assertThat(cuts.digests().stream().mapToLong(cut -> cut.hash().rows()).sum())
          .isEqualTo(rows.stream().map(LogEntry.Row::time).distinct().count());
      List<RangeHash> hashes = cuts.digests().stream().map(SpanDigest::hash).toList();
      assertThat(hashes(one, spans)).isEqualTo(hashes);
      assertThat(hashes(other, spans)).isEqualTo(hashes);
      assertThat(digest(other, DigestQuery.rows(PART, ALL)))
          .isEqualTo(digest(one, DigestQuery.rows(PART, ALL)));
      assertEveryDamageShows(other, rows, random, spans, hashes);
    }
  }

  private static void assertEveryDamageShows(
      OneNodeCluster cluster,
      List<LogEntry.Row> rows,
      Random random,
      List<TimeSpan> spans,
      List<RangeHash> whole)
      throws Exception {
    for (int i = 0; i < 20; i++) {
      LogEntry.Row row = rows.get(random.nextInt(rows.size()));
      TSDataType type = row.columns().get(0).type();
      Object changed = value(type, random);
      LogEntry.Row damage =
          new LogEntry.Row(row.device(), false, row.time(), row.columns(), List.of(changed));
      cluster.write(new LogEntry.InsertRows(List.of(damage)), "root.a.d");
      List<RangeHash> hashes = hashes(cluster, spans);
      for (int span = 0; span < spans.size(); span++) {
        boolean within =
            spans.get(span).first() <= row.time() && row.time() <= spans.get(span).last();
        assertThat(hashes.get(span).equals(whole.get(span)))
            .as(row + " to " + changed)
            .isEqualTo(!within || changed.equals(row.values().get(0)));
      }
      cluster.write(new LogEntry.InsertRows(List.of(row)), "root.a.d");
    }
  }

  @Test
  void whatIsNotThereIsNothing() throws Exception {
    try (var one = new OneNodeCluster(folder.resolve("one"), 1)) {
      one.write(new LogEntry.InsertRows(rows(new Random(1)).subList(0, 10)), "root.a.d");
      DigestPart nothing = new DigestPart("root.a.x", List.of("s0"));
      assertThat(digest(one, DigestQuery.asAsked(nothing, List.of(ALL))).digests())
          .containsExactly(new SpanDigest(ALL, RangeHash.NONE));
      TimeSpan empty = new TimeSpan(1_000, 2_000);
      assertThat(hashes(one, List.of(empty))).containsExactly(RangeHash.NONE);
      assertThat(digest(one, DigestQuery.rows(nothing, ALL)).digests()).isEmpty();
    }
  }
}
