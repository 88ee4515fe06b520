package io.sluice.sim.sync;

import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.pipe.DeletionPart;
import io.sluice.datanode.pipe.RoutedTarget;
import io.sluice.datanode.pipe.TargetCalls;
import io.sluice.datanode.pipe.TsFilePart;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.tsfile.SealedFileWriter.Facts;
import io.sluice.sim.sync.SendingRegion.Deleted;
import io.sluice.sim.sync.disk.SimDisk;
import io.sluice.sync.receiver.port.DamagedPieceException;
import io.sluice.sync.receiver.port.HeldDigests;
import io.sluice.sync.receiver.port.PiecePart;
import io.sluice.sync.receiver.port.PieceSplitter;
import io.sluice.sync.receiver.port.RottenFiles;
import io.sluice.sync.receiver.port.TargetCluster;
import io.sluice.sync.receiver.port.TargetRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** The receiving cluster as one of its nodes sees it. */
final class NodeTargets implements TargetCluster, PieceSplitter {
  private static final String DATABASE = "root.e";

  private final ReceivingCluster cluster;
  private final ReceivingNode node;
  private final TargetCalls calls;

  NodeTargets(ReceivingCluster cluster, ReceivingNode node) {
    this.cluster = cluster;
    this.node = node;
    this.calls = new TargetCalls(cluster.world::nowMs);
  }

  @Override
  public UUID clusterId() {
    return cluster.id;
  }

  @Override
  public List<Frame.Address> clientAddresses() {
    return cluster.nodes.stream().map(one -> one.address).toList();
  }

  @Override
  public String ensureDatabase(String name) {
    return DATABASE;
  }

  @Override
  public Optional<String> existingDatabase(String name) {
    return Optional.of(DATABASE);
  }

  @Override
  public List<TargetRegion> targets(String database) {
    List<TargetRegion> all = new ArrayList<>();
    cluster.targets().forEach(id -> all.add(new RoutedTarget(access(id), calls)));
    return all;
  }

  private TargetAccess access(UUID id) {
    return new TargetAccess(cluster, node, id);
  }

  private void inBackground(Runnable task) {
    node.after(cluster.world.between(0, 3), task);
  }

  @Override
  public List<PiecePart> split(
      Path file, long lengthBytes, int crc32c, String database, Predicate<UUID> wanted)
      throws DamagedPieceException, IOException {
    byte[] content = ((SimDisk) file.getFileSystem().provider()).file(file).bytes();
    if (content.length != lengthBytes || Crc.of(content) != crc32c) {
      throw new DamagedPieceException("not what was announced", null);
    }
    Map<UUID, List<Point>> byTarget = new LinkedHashMap<>();
    for (Point point : Point.read(content)) {
      byTarget
          .computeIfAbsent(cluster.targetOf(point.place().series()), id -> new ArrayList<>())
          .add(point);
    }
    List<PiecePart> all = new ArrayList<>();
    for (Map.Entry<UUID, List<Point>> part : byTarget.entrySet()) {
      if (wanted.test(part.getKey())) {
        Path path = byTarget.size() == 1 ? file : written(Point.bytes(part.getValue()));
        all.add(part(part.getKey(), path, part.getValue(), byTarget.size() > 1));
      }
    }
    return all;
  }

  private PiecePart part(UUID target, Path path, List<Point> points, boolean temporary) {
    byte[] content = Point.bytes(points);
    List<SeriesInfo> series =
        points.stream().map(point -> point.place().series()).distinct().map(Point::info).toList();
    Facts facts =
        new Facts(content.length, Crc.of(content), new TimeRange(0, Point.TIMES), points.size());
    return new TsFilePart(access(target), path, facts, series, temporary, this::inBackground);
  }

  /** Forced, as the production splitter's files are. */
  private Path written(byte[] content) throws IOException {
    Path path = node.disk.folder().resolve("split-" + node.nextPart());
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(content), 0);
      file.force(true);
    }
    return path;
  }

  @Override
  public List<PiecePart> splitDeletion(Path file, String database, Predicate<UUID> wanted) {
    Deleted deleted = Deleted.read(((SimDisk) file.getFileSystem().provider()).file(file).bytes());
    UUID target = cluster.targetOf(deleted.series());
    if (!wanted.test(target)) {
      return List.of();
    }
    Deletion.Device device =
        new Deletion.Device(
            Point.device(deleted.series()),
            List.of(Point.info(deleted.series()).spec().measurement()));
    Deletion deletion = new Deletion(deleted.range(), false, List.of(device));
    return List.of(new DeletionPart(access(target), deletion, this::inBackground));
  }

  /** Not asked for. */
  @Override
  public HeldDigests digests(UUID sender) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RottenFiles rotten() {
    throw new UnsupportedOperationException();
  }
}
