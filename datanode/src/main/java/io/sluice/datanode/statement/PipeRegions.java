package io.sluice.datanode.statement;

import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.RegionAccess;
import java.util.UUID;

/** The regions a pipe sends, and how far it is with each. Thread-safe. */
final class PipeRegions {
  private final ConfigNodeClient configNode;
  private final ClusterRegions regions;

  PipeRegions(ConfigNodeClient configNode, ClusterRegions regions) {
    this.configNode = configNode;
    this.regions = regions;
  }

  /**
   * The pipe and its regions, without those of dropped databases: nobody but the pipe reaches them.
   *
   * @throws StatusException when there is no such pipe
   */
  PipeDetailsResp pipe(String name) throws StatusException {
    PipeDetailsResp answer = configNode.call(node -> node.getPipeDetails(name));
    ConfigNodeAnswer.check(answer.getStatus());
    return answer.setDetails(
        answer.getDetails().stream().filter(detail -> !detail.isDropped()).toList());
  }

  RegionAccess access(PipeDetail detail) throws StatusException {
    for (RegionAccess region : regions.regions(detail.getDatabase())) {
      if (region.id().equals(id(detail.getRegion()))) {
        return region;
      }
    }
    throw new StatusException(
        StatusCode.PIPE_ERROR, "region " + detail.getRegion() + " is not known here yet");
  }

  /** Null for one that is not known here. */
  private UUID id(int region) {
    return regions.catalog().getRegions().stream()
        .filter(info -> info.getId() == region)
        .map(info -> UUID.fromString(info.getUuid()))
        .findFirst()
        .orElse(null);
  }
}
