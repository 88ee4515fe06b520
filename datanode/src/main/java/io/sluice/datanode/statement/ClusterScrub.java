package io.sluice.datanode.statement;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ScrubbedCluster;
import java.util.Collection;
import java.util.List;

/** What SCRUB asks for, see {@link ScrubbedCluster#scrub}. */
@FunctionalInterface
public interface ClusterScrub {
  List<ScrubbedCluster.Replica> scrub(Collection<Integer> regions, boolean onlyHere)
      throws StatusException;
}
