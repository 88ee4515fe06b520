package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import io.sluice.sync.receiver.port.HeldDigests;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What this cluster holds, asked of the leader of each device's region; but for rotten files whose
 * rows the sender brought. Thread-safe.
 */
final class CatalogDigests implements HeldDigests {
  private final ClusterRegions regions;
  private final UUID sender;

  CatalogDigests(ClusterRegions regions, UUID sender) {
    this.regions = regions;
    this.sender = sender;
  }

  @Override
  public List<RangeHash> ranges(List<DigestSpans> parts) throws TargetUnavailableException {
    List<RangeHash> hashes = new ArrayList<>();
    long pointsAtMost = 0;
    for (DigestSpans part : parts) {
      if (part.spans().isEmpty()) {
        continue;
      }
      Optional<DigestAnswer> answer = ask(DigestQuery.asAsked(part.part(), part.spans()));
      if (answer.isEmpty()) {
        part.spans().forEach(span -> hashes.add(RangeHash.NONE));
        continue;
      }
      for (SpanDigest digest : answer.get().digests()) {
        hashes.add(digest.hash());
        long rows = digest.hash().counted() ? digest.hash().rows() : DigestLimits.ANSWER_POINTS;
        pointsAtMost += rows * part.part().measurements().size();
      }
      if (!answer.get().complete() || pointsAtMost >= DigestLimits.ANSWER_POINTS) {
        break;
      }
    }
    return hashes;
  }

  @Override
  public RowPage rows(DigestPart part, TimeSpan span) throws TargetUnavailableException {
    return ask(DigestQuery.rows(part, span))
        .map(CatalogDigests::page)
        .orElse(new RowPage(List.of(), true));
  }

  private static RowPage page(DigestAnswer answer) {
    List<RowDigest> rows =
        answer.digests().stream()
            .map(digest -> new RowDigest(digest.span().first(), digest.hash().high()))
            .toList();
    return new RowPage(rows, answer.complete());
  }

  /** Empty when no database holds the device. */
  private Optional<DigestAnswer> ask(DigestQuery query) throws TargetUnavailableException {
    try {
      return Optional.of(
          regions.regionOf(query.part().device()).digest(query.withoutRottenOf(sender)));
    } catch (StatusException e) {
      if (e.code() == StatusCode.DATABASE_NOT_EXIST) {
        return Optional.empty();
      }
      throw new TargetUnavailableException(query.part().device() + ": " + e.getMessage(), e);
    }
  }
}
