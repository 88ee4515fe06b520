package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A region reached at its leader, on this node or another. Thread-safe. */
public interface RegionAccess {
  UUID id();

  /** See {@link io.sluice.datanode.region.Region#propose}. */
  CompletableFuture<ApplyResult> propose(LogEntry entry);

  List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException;

  RowBlocks scan(ScanRequest request) throws StatusException;

  long[] count(ScanRequest request) throws StatusException;

  /**
   * Completes when what was written before is in durable files: Applied with the index of the last
   * of it.
   */
  CompletableFuture<ApplyResult> flush();

  /** What the region knows of a source, read at its leader. */
  SyncState syncState(Source source) throws StatusException;

  /** What a pipe holds back of the region, ordered by series, read at its leader. */
  List<HeldPart> quarantine(long pipeNumber) throws StatusException;

  /** Hashes of what the region holds, read at its leader. */
  DigestAnswer digest(DigestQuery query) throws StatusException;

  /**
   * Sealed files at the region's leader that are rotten, that no other replica has, and whose rows
   * that cluster's pipes brought.
   */
  List<RottenFile> rotten(UUID origin) throws StatusException;

  /**
   * Takes down what a sender's region has of a rotten file, see {@link
   * io.sluice.datanode.mend.Mends#bring}; its rows were staged before.
   */
  Mended mend(BroughtRows brought) throws StatusException;

  /**
   * Puts a copy of {@code file} into the staging folder of the region's leader, where a LoadFile
   * entry finds it by {@code stagedName}; durable on return. The same name with the same content
   * may be staged again.
   *
   * @param stagedName letters, digits, '-' and '.', see {@link StagedName}
   */
  void stage(Path file, String stagedName) throws StatusException;

  /** Either part is null when the region has none of this source. */
  record SyncState(AppliedRecord record, Ledger ledger) {}
}
