package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileWriter.Column;
import io.sluice.datanode.tsfile.SealedFileWriter.DevicePoints;
import io.sluice.datanode.tsfile.TsFileSealer;
import io.sluice.sync.receiver.port.PieceSplitter;
import io.sluice.sync.receiver.port.TargetCluster;
import io.sluice.sync.receiver.port.TargetContract;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTargetsTest extends TargetContract {
  @TempDir Path folder;
  private OneNodeCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new OneNodeCluster(folder, 3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Override
  protected TargetCluster cluster() {
    return cluster.targets();
  }

  @Override
  protected PieceSplitter splitter() {
    return cluster.splitter();
  }

  @Override
  protected Path file(List<String> devices, long time) throws Exception {
    SeriesSpec spec = new SeriesSpec("s", TSDataType.INT64, TSEncoding.PLAIN, CompressionType.LZ4);
    PointBatch points = new PointBatch(TSDataType.INT64, new long[] {time}, new long[] {5}, 1);
    Path file = folder.resolve(UUID.randomUUID() + ".tsfile");
    List<DevicePoints> all =
        devices.stream()
            .sorted()
            .map(device -> new DevicePoints(device, false, List.of(new Column(spec, points))))
            .toList();
    new TsFileSealer(SealOptions.DEFAULT).write(file, all.iterator());
    return file;
  }

  @Override
  protected int points() throws Exception {
    return cluster.points().size();
  }

  @Test
  void aNodeThatListensOnAllItsAddressesIsNotNamedToSenders() {
    List<DataNodeLocation> nodes =
        Stream.of("0.0.0.0", "10.0.0.7", "::")
            .map(host -> new DataNodeLocation().setClient(new Endpoint(host, 6667)))
            .toList();
    assertThat(CatalogTargets.named(nodes)).containsExactly(new Frame.Address("10.0.0.7", 6667));
  }
}
