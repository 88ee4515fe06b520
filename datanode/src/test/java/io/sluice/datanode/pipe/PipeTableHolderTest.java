package io.sluice.datanode.pipe;

import static io.sluice.datanode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.port.FakeSourceRegion;
import io.sluice.sync.sender.port.FakeSourceRegions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real sender with fake regions and a sink that nobody listens on. Bug put back and seen here:
 * a table of an older version taken over.
 */
class PipeTableHolderTest {
  private static final long NEVER = 1_000_000;

  @TempDir Path folder;
  private final AtomicLong nowMs = new AtomicLong(50_000);
  private FakeSourceRegions regions;
  private SyncSender sender;
  private PipeTableHolder holder;

  @BeforeEach
  void open() throws IOException {
    regions = new FakeSourceRegions();
    FakeSourceRegion region = regions.add("root.a", folder);
    region.write("root.a.d", 1, "v");
    sender = new SyncSender(OneNodeCluster.FAST, regions, nowMs::get);
    holder = PipeTableHolder.open(sender, folder.resolve("sync/pipes"), nowMs::get);
  }

  @AfterEach
  void close() {
    sender.close();
  }

  private void reopen() throws IOException {
    sender.close();
    regions.forgetListeners();
    sender = new SyncSender(OneNodeCluster.FAST, regions, nowMs::get);
    holder = PipeTableHolder.open(sender, folder.resolve("sync/pipes"), nowMs::get);
  }

  private static PipeInfo pipe(long number, PipeStatus status, long changedAt) {
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", 1, 7);
    return new PipeInfo("p" + number, number, sink, 5_000, 0, false, status)
        .setChangedAt(changedAt);
  }

  private List<Long> running() {
    assertThat(sender.reports().stream().map(report -> report.pipeNumber()).distinct())
        .containsAll(holder.reports().stream().map(PipeReport::getNumber).toList());
    return holder.reports().stream().map(PipeReport::getNumber).toList();
  }

  @Test
  void operationsRunPipesAndARestartResumesThem() throws Exception {
    assertThat(holder.tableVersion()).isEqualTo(-1);
    holder.operate(PipeOperation.CREATE, pipe(1, PipeStatus.STOP, 1));
    assertThat(running()).isEmpty();
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 2));
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 2));
    assertThat(running()).containsExactly(1L);
    reopen();
    assertThat(running()).containsExactly(1L);
  }

  @Test
  void startOfARunningPipeTriesAtOnceWhatWasFailing() throws Exception {
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 2));
    await().untilAsserted(() -> assertThat(failures()).isEqualTo(1));
    // The clock stands still: the retry that is due later does not come.
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 3));
    await().untilAsserted(() -> assertThat(failures()).isEqualTo(2));
  }

  private long failures() {
    return sender.reports().stream()
        .flatMap(report -> report.failures().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  @Test
  void aTableBringsWhatWasMissedAndEndsWhatIsNotInIt() throws Exception {
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 2));
    holder.replace(
        new PipeTable(5, List.of(pipe(2, PipeStatus.RUNNING, 3), pipe(3, PipeStatus.STOP, 4))));
    assertThat(running()).containsExactly(2L);
    assertThat(holder.tableVersion()).isEqualTo(5);
    holder.replace(new PipeTable(4, List.of(pipe(1, PipeStatus.RUNNING, 2))));
    assertThat(running()).as("an older table").containsExactly(2L);
    reopen();
    assertThat(running()).containsExactly(2L);
    assertThat(holder.tableVersion()).isEqualTo(5);
  }

  @Test
  void anOperationThatIsNewerThanTheTableStays() throws Exception {
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 9));
    holder.replace(new PipeTable(8, List.of(pipe(1, PipeStatus.STOP, 6))));
    assertThat(running()).containsExactly(1L);
    holder.operate(PipeOperation.START, pipe(2, PipeStatus.RUNNING, 12));
    holder.replace(new PipeTable(11, List.of(pipe(1, PipeStatus.STOP, 10))));
    assertThat(running()).containsExactly(2L);
  }

  @Test
  void lateOperationsChangeNothing() throws Exception {
    holder.replace(new PipeTable(8, List.of(pipe(1, PipeStatus.STOP, 6))));
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 5));
    holder.operate(PipeOperation.START, pipe(7, PipeStatus.RUNNING, 8));
    assertThat(running()).isEmpty();
    holder.operate(PipeOperation.DROP, pipe(1, PipeStatus.RUNNING, 9));
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 7));
    assertThat(running()).as("a drop is remembered").isEmpty();
    reopen();
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 7));
    assertThat(running()).as("over a restart too").isEmpty();
  }

  @Test
  void sendersRestWhileTheTableIsNotConfirmedAndGoOnAloneWithoutAnyConfigNode() throws Exception {
    assertThat(holder.inForce()).isFalse();
    holder.replace(new PipeTable(3, List.of(pipe(1, PipeStatus.RUNNING, 3))));
    assertThat(holder.inForce()).isTrue();
    for (int i = 0; i < 25; i++) {
      nowMs.addAndGet(1_000);
      holder.heard(4);
    }
    assertThat(sender.reports()).as("heard, not confirmed").isEmpty();
    assertThat(holder.inForce()).isFalse();
    holder.heard(3);
    assertThat(sender.reports()).hasSize(1);
    nowMs.addAndGet(NEVER);
    holder.checkConfirmation();
    assertThat(sender.reports()).as("nobody to be heard").hasSize(1);
    assertThat(holder.reports()).hasSize(1);
    assertThat(holder.inForce()).isTrue();
    reopen();
    assertThat(holder.inForce()).as("what was known before the start").isFalse();
  }

  @Test
  void aDamagedFileIsNamedAndKept() throws Exception {
    holder.operate(PipeOperation.START, pipe(1, PipeStatus.RUNNING, 2));
    Path file = folder.resolve("sync/pipes");
    byte[] good = Files.readAllBytes(file);
    for (int at : new int[] {0, 5, 9, 13, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThatThrownBy(() -> PipeTableHolder.open(sender, file, nowMs::get))
          .as("byte " + at)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
      assertThat(Files.readAllBytes(file)).isEqualTo(bad);
    }
  }

  @Test
  void theBytesAreTheOnesOfTheFormatPage() throws Exception {
    Path file = folder.resolve("golden");
    PipeTable table = new PipeTable(3, List.of(pipe(1, PipeStatus.RUNNING, 3)));
    new PipeTableFile(file).write(table);
    try (var golden = getClass().getResourceAsStream("/golden/pipe-table.txt")) {
      assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)) + "\n")
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThat(new PipeTableFile(file).read()).contains(table);
  }
}
