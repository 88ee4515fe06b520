package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.verify.RowsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Rows for a receiver's rotten files, in the folder of what is about to be sent. Thread-safe. */
final class OutgoingRows implements RowsFiles {
  private final RejoinPiece pieces;
  private final Path outgoing;

  OutgoingRows(RejoinPiece pieces, Path outgoing) {
    this.pieces = pieces;
    this.outgoing = outgoing;
  }

  @Override
  public Optional<Written> write(
      RegionAccess region, List<Resend.Part> parts, Set<SeriesKey> without)
      throws IOException, StatusException {
    Path target = outgoing.resolve(region.id() + "-rows-" + UUID.randomUUID() + ".tsfile");
    return pieces
        .write(region, parts, without, target)
        .map(facts -> new Written(target, facts.lengthBytes(), facts.crc32c()));
  }
}
