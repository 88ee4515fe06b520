package io.sluice.datanode.pipe;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.receiver.port.PiecePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one region gets of a piece: staged at its leader, then proposed as a LoadFile entry.
 *
 * @param temporary the file was cut for this part alone
 */
public record TsFilePart(
    RegionAccess region,
    Path file,
    SealedFileWriter.Facts facts,
    List<SeriesInfo> series,
    boolean temporary,
    Executor loaders)
    implements PiecePart {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  @Override
  public UUID target() {
    return region.id();
  }

  @Override
  public CompletableFuture<LoadOutcome> load(
      Source source, Route via, AppliedRecord expect, AppliedRecord set) {
    String name = stagedName(source, set);
    var entry =
        new LogEntry.LoadFile(
            source,
            via,
            expect,
            set,
            name,
            facts.lengthBytes(),
            facts.crc32c(),
            series,
            facts.times());
    return PartLoad.of(region, entry, () -> region.stage(file, name), loaders);
  }

  /** The same for the same piece, so that a repeated load stages over itself. */
  private String stagedName(Source source, AppliedRecord set) {
    return source.regionId()
        + "-"
        + Long.toHexString(set.pipeNumber())
        + "-"
        + Long.toHexString(set.lineage())
        + "-"
        + set.index()
        + "-"
        + Integer.toHexString(facts.crc32c())
        + ".tsfile";
  }

  @Override
  public void close() {
    if (temporary) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // It is deleted at the next start.
        LOG.warn("{} stays until the next start", file, e);
      }
    }
  }
}
