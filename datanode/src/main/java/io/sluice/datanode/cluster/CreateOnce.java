package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * CREATE TIMESERIES where the leader may be lost on the way: series that an attempt before may have
 * made, as they are wanted, are no reason to refuse the next one.
 */
record CreateOnce(LogEntry.CreateSeries create) implements RoutedRegion.Ask<ApplyResult> {
  @Override
  public ApplyResult of(Replica replica) throws ElsewhereException {
    return replica.propose(create);
  }

  @Override
  public ApplyResult again(Replica replica) throws StatusException, ElsewhereException {
    ApplyResult result = replica.propose(create);
    boolean exist =
        result instanceof ApplyResult.Refused refused
            && refused.code() == StatusCode.SERIES_ALREADY_EXISTS;
    return exist && allAsWanted(replica) ? new ApplyResult.Applied(0) : result;
  }

  private boolean allAsWanted(Replica replica) throws StatusException, ElsewhereException {
    List<PathPattern> paths = create.series().stream().map(CreateOnce::path).toList();
    return new HashSet<>(replica.series(paths)).containsAll(create.series());
  }

  private static PathPattern path(SeriesInfo info) {
    List<String> nodes = new ArrayList<>(PathPattern.split(info.device()));
    nodes.add(info.spec().measurement());
    return PathPattern.of(nodes);
  }
}
