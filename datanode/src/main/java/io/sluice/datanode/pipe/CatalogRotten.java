package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.sync.receiver.port.RottenFiles;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** This cluster's rotten files, asked of each region's leader. Thread-safe. */
final class CatalogRotten implements RottenFiles {
  private final ClusterRegions regions;
  private final Path scratch;

  CatalogRotten(ClusterRegions regions, Path scratch) {
    this.regions = regions;
    this.scratch = scratch;
  }

  @Override
  public List<RottenFile> of(UUID origin, String database) throws TargetUnavailableException {
    List<RottenFile> files = new ArrayList<>();
    try {
      for (RegionAccess region : regions.regions(database)) {
        files.addAll(region.rotten(origin));
      }
    } catch (StatusException e) {
      throw unavailable(database, e);
    }
    return files;
  }

  @Override
  public Path scratch() {
    return scratch.resolve("brought-" + UUID.randomUUID() + ".tsfile");
  }

  @Override
  public Mended mend(
      String database, RottenFile file, Source source, Path rows, long sentFromMs, boolean again)
      throws TargetUnavailableException {
    String name = rows == null ? null : stagedName(file, source);
    try {
      for (RegionAccess region : regions.regions(database)) {
        if (region.id().equals(file.region())) {
          if (name != null && !again) {
            region.stage(rows, name);
          }
          return region.mend(new BroughtRows(file.end(), file.crc32c(), source, name, sentFromMs));
        }
      }
    } catch (StatusException e) {
      throw unavailable(database, e);
    }
    return Mended.not("there is no such region any more");
  }

  /** What was brought before for the same file gives way. */
  private static String stagedName(RottenFile file, Source source) {
    return "brought-%s-%d-%08x.tsfile".formatted(source.regionId(), file.end(), file.crc32c());
  }

  private static TargetUnavailableException unavailable(String database, StatusException e) {
    return new TargetUnavailableException("database " + database + ": " + e.getMessage(), e);
  }
}
