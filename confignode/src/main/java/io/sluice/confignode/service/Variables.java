package io.sluice.confignode.service;

import io.sluice.common.config.Parameter;
import io.sluice.common.config.Parameters;
import io.sluice.confignode.core.ClusterImage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What SHOW VARIABLES prints.
 *
 * @param dataReplicationFactor of databases created without naming one
 * @param diskSpaceWarningThreshold share of free disk below which a node turns ReadOnly
 */
public record Variables(int dataReplicationFactor, double diskSpaceWarningThreshold) {
  private static final String RATIS = "Ratis";

  /** One file covers any time: data is not cut by time. */
  private static final long TIME_PARTITION_INTERVAL_MS = 604_800_000;

  /**
   * IoTDB's variables, and each parameter that all nodes should have alike: those in the file that
   * all nodes read.
   *
   * @param running what each of all parameters is on the nodes
   */
  Map<String, String> of(ClusterImage image, Map<String, String> running) {
    String factor = Integer.toString(dataReplicationFactor);
    Map<String, String> variables = new LinkedHashMap<>();
    image.identity().ifPresent(identity -> variables.put("ClusterName", identity.clusterName()));
    variables.put("DataReplicationFactor", factor);
    // A region holds its schema beside its data.
    variables.put("SchemaReplicationFactor", factor);
    variables.put("DataRegionConsensusProtocolClass", RATIS);
    variables.put("SchemaRegionConsensusProtocolClass", RATIS);
    variables.put("ConfigNodeConsensusProtocolClass", RATIS);
    variables.put("TimePartitionInterval", Long.toString(TIME_PARTITION_INTERVAL_MS));
    variables.put("DefaultTTL(ms)", Long.toString(Long.MAX_VALUE));
    variables.put("ReadConsistencyLevel", "strong");
    variables.put("SchemaRegionPerDataNode", "0.0");
    variables.put("DataRegionPerProcessor", "0.0");
    image
        .identity()
        .ifPresent(
            identity -> variables.put("SeriesSlotNum", Integer.toString(identity.seriesSlotNum())));
    variables.put("SeriesSlotExecutorClass", "BKDR");
    variables.put("DiskSpaceWarningThreshold", Double.toString(diskSpaceWarningThreshold));
    for (Parameter<?> parameter : Parameters.ALL) {
      String row = running.get(parameter.key());
      if (row != null && parameter.file() == Parameter.ConfFile.COMMON) {
        variables.put(parameter.key(), row);
      }
    }
    return variables;
  }
}
