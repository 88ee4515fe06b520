package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.entry.LogEntry.LoadFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFilesTest {
  private static final int GONE = 4;
  private static final int THERE = 5;

  @TempDir Path folder;

  /**
   * Bug put back and seen: peers always asked in the same order. A replica that had been away then
   * waited half a minute for each file, for as long as another one was paused.
   */
  @Test
  void onePeerThatIsGoneIsWaitedForOnceAndNotForEachFile() throws IOException {
    List<Integer> asked = new ArrayList<>();
    var peers = giving((from, patienceMs) -> asked.add(from) && from != GONE);
    try (PeerFiles files =
        new PeerFiles(new UUID(1, 1), peers, () -> List.of(GONE, THERE), () -> null)) {
      for (int index = 1; index <= 3; index++) {
        Path target = folder.resolve("file-" + index);
        files.fetch(index, load("piece-" + index), target);
        assertThat(target).hasContent("piece-" + index);
      }
    }
    assertThat(asked).containsExactly(GONE, THERE, THERE, THERE);
  }

  /**
   * Bug put back and seen: half a minute's patience from the first round on. A replica that had
   * been elected when its leader died was no leader for so long.
   */
  @Test
  void whoGivesNothingIsWaitedForBrieflyAtFirstAndLongerEachRound() throws IOException {
    List<Long> patience = new ArrayList<>();
    var peers = giving((from, patienceMs) -> patience.add(patienceMs) && patience.size() >= 4);
    try (PeerFiles files =
        new PeerFiles(new UUID(1, 1), peers, () -> List.of(GONE, THERE), () -> null)) {
      files.fetch(1, load("piece-1"), folder.resolve("file"));
    }
    assertThat(patience).containsExactly(1_000L, 1_000L, 2_000L, 2_000L);
  }

  /** Whether a peer that is asked has the file. */
  private interface Gives {
    boolean when(int from, long patienceMs);
  }

  private static NoPeers giving(Gives gives) {
    return new NoPeers() {
      @Override
      public void copyLoadFile(
          UUID region,
          int from,
          String name,
          long lengthBytes,
          int crc32c,
          Path target,
          long patienceMs)
          throws IOException {
        if (!gives.when(from, patienceMs)) {
          super.copyLoadFile(region, from, name, lengthBytes, crc32c, target, patienceMs);
        }
        Files.writeString(target, name);
      }
    };
  }

  private static LoadFile load(String name) {
    return new LoadFile(
        new Source(new UUID(2, 2), new UUID(3, 3)),
        null,
        new AppliedRecord(1, 7, 10),
        name,
        1,
        0,
        List.of(),
        new TimeRange(1, 2));
  }
}
