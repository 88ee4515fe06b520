package io.sluice.datanode.pipe;

import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.verify.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Two clusters of one DataNode each, over a real connection, and pipe 1 from one to the other. */
final class EdgeAndCloud implements AutoCloseable {
  final OneNodeCluster edge;
  final OneNodeCluster cloud;

  EdgeAndCloud(Path folder, int cloudRegions) throws Exception {
    edge = new OneNodeCluster(folder.resolve("edge"), 2);
    cloud = new OneNodeCluster(folder.resolve("cloud"), cloudRegions);
  }

  /** Without deletions. */
  void run(long startTimeMs) throws Exception {
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", cloud.port(), 0);
    PipeInfo pipe =
        new PipeInfo("p", 1, sink, 5_000, startTimeMs, false, PipeStatus.RUNNING).setChangedAt(1);
    edge.pipes().control().operate(PipeOperation.CREATE, pipe);
    edge.pipes().control().operate(PipeOperation.START, new PipeInfo(pipe).setChangedAt(2));
  }

  /** How far the pipe is. */
  Optional<Progress.Feed> feed(UUID region) {
    return edge.pipes().control().details(1).stream()
        .filter(feed -> feed.getRegion().equals(region.toString()))
        .map(
            feed ->
                new Progress.Feed(
                    feed.getPosition(),
                    new Frame.Address("127.0.0.1", cloud.port()),
                    feed.getCause()))
        .findFirst();
  }

  interface Work<T> {
    T on(RegionAccess region, String database) throws StatusException;
  }

  /** Of the edge. */
  <T> List<T> onEveryRegion(Work<T> work) throws StatusException {
    List<T> results = new ArrayList<>();
    for (DatabaseInfo database : edge.access().catalog().getDatabases()) {
      for (RegionAccess region : edge.access().regions(database.getName())) {
        results.add(work.on(region, database.getName()));
      }
    }
    return results;
  }

  @Override
  public void close() {
    edge.close();
    cloud.close();
  }
}
