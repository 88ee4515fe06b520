package io.sluice.datanode.pipe;

import io.sluice.common.path.SeriesSlot;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.tsfile.DamagedFileException;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileCutter;
import io.sluice.sync.receiver.port.DamagedPieceException;
import io.sluice.sync.receiver.port.PiecePart;
import io.sluice.sync.receiver.port.PieceSplitter;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Splits a TsFile by the regions its devices belong to, chunk by chunk without decoding; a file of
 * one region stays as it is. Thread-safe.
 */
public final class TsFileSplitter implements PieceSplitter {
  private final ClusterRegions regions;
  private final TsFileCutter cutter;
  private final Path parts;
  private final Executor loaders;

  /**
   * @param parts folder for parts, emptied at start
   * @param loaders stage parts and propose them
   */
  public TsFileSplitter(ClusterRegions regions, TsFileCutter cutter, Path parts, Executor loaders) {
    this.regions = regions;
    this.cutter = cutter;
    this.parts = parts;
    this.loaders = loaders;
  }

  @Override
  public List<PiecePart> split(
      Path file, long lengthBytes, int crc32c, String database, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException {
    whole(file, lengthBytes, crc32c);
    try {
      TsFileCutter.Contents contents = cutter.contents(file);
      Dealing dealing = dealing(database);
      Map<UUID, Share> shares = shares(contents.series(), database, dealing);
      if (shares.size() == 1) {
        Share only = shares.values().iterator().next();
        if (!wanted.test(only.region.id())) {
          return List.of();
        }
        var facts =
            new SealedFileWriter.Facts(lengthBytes, crc32c, contents.times(), /* points= */ 0);
        return List.of(new TsFilePart(only.region, file, facts, only.series, false, loaders));
      }
      return cut(file, shares, dealing, wanted);
    } catch (DamagedFileException e) {
      throw new DamagedPieceException(e.getMessage(), e);
    }
  }

  /**
   * It was whole when its last byte arrived, and may have waited since. What is cut from it gets
   * checksums of its own: a bit that flipped meanwhile would be loaded under them.
   *
   * @throws IOException when it is not the file that was sent: the sender's next connection finds
   *     how far it is right
   */
  private static void whole(Path file, long lengthBytes, int crc32c) throws IOException {
    try {
      new FileKey(file, lengthBytes, crc32c).check();
    } catch (DamagedFileException e) {
      throw new IOException("it has changed in staging and is sent again: " + e.getMessage(), e);
    }
  }

  @Override
  public List<PiecePart> splitDeletion(Path file, String database, Predicate<UUID> wanted)
      throws DamagedPieceException, TargetUnavailableException, IOException {
    byte[] bytes = Files.readAllBytes(file);
    Deletion all;
    try {
      all = DeletionPiece.read(bytes);
    } catch (IOException e) {
      throw new DamagedPieceException(e.getMessage(), e);
    }
    Dealing dealing = dealing(database);
    Map<UUID, List<Deletion.Device>> devices = new LinkedHashMap<>();
    Map<UUID, RegionAccess> targets = new LinkedHashMap<>();
    for (Deletion.Device device : all.devices()) {
      requireWithin(device.device(), database);
      RegionAccess region = dealing.regionOf(device.device());
      if (wanted.test(region.id())) {
        targets.put(region.id(), region);
        devices.computeIfAbsent(region.id(), id -> new ArrayList<>()).add(device);
      }
    }
    List<PiecePart> parts = new ArrayList<>();
    devices.forEach(
        (id, part) ->
            parts.add(
                new DeletionPart(
                    targets.get(id), new Deletion(all.range(), all.series(), part), loaders)));
    return List.copyOf(parts);
  }

  private static void requireWithin(String device, String database) throws DamagedPieceException {
    if (!device.equals(database) && !device.startsWith(database + ".")) {
      throw new DamagedPieceException("device " + device + " does not belong to " + database, null);
    }
  }

  private static final class Share {
    final RegionAccess region;
    final List<SeriesInfo> series = new ArrayList<>();

    Share(RegionAccess region) {
      this.region = region;
    }
  }

  private static Map<UUID, Share> shares(List<SeriesInfo> series, String database, Dealing dealing)
      throws DamagedPieceException {
    Map<UUID, Share> shares = new LinkedHashMap<>();
    for (SeriesInfo one : series) {
      requireWithin(one.device(), database);
      RegionAccess region = dealing.regionOf(one.device());
      shares.computeIfAbsent(region.id(), id -> new Share(region)).series.add(one);
    }
    return shares;
  }

  /** Which region of one database a device is dealt to. */
  private record Dealing(List<RegionAccess> regions, int slots) {
    RegionAccess regionOf(String device) {
      return regions.get(SeriesSlot.of(device, slots) % regions.size());
    }
  }

  private Dealing dealing(String database) throws TargetUnavailableException {
    try {
      List<RegionAccess> dealt = regions.regions(database);
      return new Dealing(dealt, regions.catalog().getSeriesSlotNum());
    } catch (StatusException e) {
      throw new TargetUnavailableException("database " + database + ": " + e.getMessage(), e);
    }
  }

  private List<PiecePart> cut(
      Path file, Map<UUID, Share> shares, Dealing dealing, Predicate<UUID> wanted)
      throws IOException {
    List<TsFilePart> cut = new ArrayList<>();
    try {
      for (Share share : shares.values()) {
        if (!wanted.test(share.region.id())) {
          continue;
        }
        Path target = parts.resolve(share.region.id() + "-" + UUID.randomUUID() + ".tsfile");
        Optional<SealedFileWriter.Facts> facts =
            cutter.cut(
                file,
                target,
                device -> dealing.regionOf(device).id().equals(share.region.id()),
                Long.MIN_VALUE,
                key -> List.of());
        facts.ifPresent(
            part ->
                cut.add(new TsFilePart(share.region, target, part, share.series, true, loaders)));
      }
      return List.copyOf(cut);
    } catch (IOException | RuntimeException e) {
      cut.forEach(TsFilePart::close);
      throw e;
    }
  }
}
