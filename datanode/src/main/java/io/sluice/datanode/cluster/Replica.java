package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
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

/**
 * One attempt at one node that should hold a region, see {@link RegionAccess}. Calls block for a
 * bounded time.
 */
interface Replica {
  ApplyResult propose(LogEntry entry) throws ElsewhereException;

  ApplyResult flush() throws ElsewhereException;

  List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException, ElsewhereException;

  RowBlocks scan(ScanRequest request) throws StatusException, ElsewhereException;

  long[] count(ScanRequest request) throws StatusException, ElsewhereException;

  RegionAccess.SyncState syncState(Source source) throws StatusException, ElsewhereException;

  List<HeldPart> quarantine(long pipeNumber) throws StatusException, ElsewhereException;

  DigestAnswer digest(DigestQuery query) throws StatusException, ElsewhereException;

  List<RottenFile> rotten(UUID origin) throws StatusException, ElsewhereException;

  Mended mend(BroughtRows brought) throws StatusException, ElsewhereException;

  void stage(Path file, String stagedName) throws StatusException, ElsewhereException;

  static StatusException notHere(UUID region) {
    return new StatusException(StatusCode.REGION_NOT_HERE, notHereText(region));
  }

  static String notHereText(UUID region) {
    return "Region " + region + " is not led by this DataNode";
  }
}
