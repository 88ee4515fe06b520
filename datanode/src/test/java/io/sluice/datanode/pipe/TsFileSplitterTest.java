package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.host.Rot;
import io.sluice.datanode.statement.FakeCluster;
import io.sluice.datanode.tsfile.ChunkCutter;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileSealer;
import io.sluice.sync.receiver.port.DamagedPieceException;
import io.sluice.sync.receiver.port.PiecePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in staging for two regions. */
class TsFileSplitterTest {
  private static final String DATABASE = "root.a";

  @TempDir Path folder;
  private final FakeCluster cluster = new FakeCluster();
  private TsFileSplitter splitter;
  private Path staged;
  private SealedFileWriter.Facts facts;

  @BeforeEach
  void stage() throws Exception {
    cluster.regionForWriting(DATABASE + ".d0");
    staged = folder.resolve("staged");
    splitter =
        new TsFileSplitter(
            cluster,
            new ChunkCutter(SealOptions.DEFAULT),
            Files.createDirectories(folder.resolve("parts")),
            Runnable::run);
    List<SealedFileWriter.DevicePoints> devices = new ArrayList<>();
    for (int device = 0; device < 10; device++) {
      PointBatch points =
          new PointBatch(TSDataType.INT64, new long[] {1, 2}, new long[] {device, device}, 2);
      devices.add(
          new SealedFileWriter.DevicePoints(
              DATABASE + ".d" + device,
              false,
              List.of(new SealedFileWriter.Column(Writes.spec("s", TSDataType.INT64), points))));
    }
    facts = new TsFileSealer(SealOptions.DEFAULT).write(staged, devices.iterator());
  }

  private List<PiecePart> split() throws Exception {
    return splitter.split(staged, facts.lengthBytes(), facts.crc32c(), DATABASE, id -> true);
  }

  @Test
  void eachRegionGetsItsDevices() throws Exception {
    assertThat(split()).hasSize(2);
  }

  /** Seen to fail when the file is not compared once more before it is cut. */
  @Test
  void aBitThatFlippedWhileItWaitedIsNotCutIntoPartsWithChecksumsOfTheirOwn() throws Exception {
    Rot.flipAt(staged, 60);
    assertThatThrownBy(this::split)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(DamagedPieceException.class)
        .hasMessageContaining("sent again");
    assertThat(folder.resolve("parts")).isEmptyDirectory();
  }
}
