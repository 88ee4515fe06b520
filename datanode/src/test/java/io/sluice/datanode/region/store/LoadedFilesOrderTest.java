package io.sluice.datanode.region.store;

import static io.sluice.datanode.region.Writes.row;
import static io.sluice.datanode.region.Writes.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.TsFileSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipe asks for one file after the other by its end: loaded files must not stand before others.
 */
class LoadedFilesOrderTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final UUID REGION = new UUID(3, 4);
  private static final Source SOURCE = new Source(new UUID(5, 6), new UUID(7, 8));

  @TempDir Path folder;
  private RegionStore store;
  private long index;

  @BeforeEach
  void open() throws Exception {
    Path root = folder.resolve("region");
    RegionStore.create(root, new ManifestIdentity(CLUSTER, REGION, "root.x"));
    store =
        RegionStore.open(
            root,
            CLUSTER,
            REGION,
            new TsFileSealer(SealOptions.DEFAULT),
            new MemoryBudget(Long.MAX_VALUE),
            MissingFiles.NOWHERE);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  private void apply(LogEntry entry) throws Exception {
    assertThat(store.apply(1, ++index, entry, null)).isInstanceOf(Applied.class);
  }

  private void load(String device, AppliedRecord expect, AppliedRecord set) throws Exception {
    String name = "piece-" + set.index();
    Path staged = store.folder().staged(name);
    Files.writeString(staged, "what is in it does not matter here: " + name);
    apply(
        new LogEntry.LoadFile(
            SOURCE,
            expect,
            set,
            name,
            Files.size(staged),
            DurableFiles.crc32c(staged),
            List.of(series(device, "s", TSDataType.INT64)),
            new TimeRange(1, 2)));
  }

  /** Every file that a reader of ranges gets to see who starts at 0. */
  private List<SealedFile> walked() {
    List<SealedFile> walked = new ArrayList<>();
    long at = 0;
    for (var next = store.firstSealedAfter(at);
        next.isPresent();
        next = store.firstSealedAfter(at)) {
      if (next.get().path() != null) {
        walked.add(next.get());
      }
      at = next.get().end();
    }
    return walked;
  }

  @Test
  void noFileHidesBehindALoadedOneThatEndsWhereARangeIsClosed() throws Exception {
    AppliedRecord one = new AppliedRecord(1, 9, 1);
    apply(row("root.x.d2", "s", 1, 1));
    load("root.x.d1", null, one);
    load("root.x.d3", one, new AppliedRecord(1, 9, 2));
    // Rows of d2 are in memory: they are closed off right behind the other loaded files.
    load("root.x.d2", new AppliedRecord(1, 9, 2), new AppliedRecord(1, 9, 3));
    apply(row("root.x.d1", "s", 1, 2));
    apply(new LogEntry.Seal());
    while (store.flushNext()) {
      assertThat(store.durable().files()).isNotEmpty();
    }
    assertThat(store.durable().files()).hasSize(5);
    assertThat(walked()).containsExactlyElementsOf(store.durable().files());
    assertThat(walked()).extracting(SealedFile::end).doesNotHaveDuplicates();
  }
}
