package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a DataNode joins its cluster at every start: it names itself as its data folder says (or as
 * new), with the addresses it has now, and is told what is where. The folder remembers cluster and
 * id before anything else is written to it. Used once, by the starting thread.
 */
public final class ClusterMembership {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
  private static final int NO_ID = -1;

  private final Options options;
  private final ConfigNodeClient configNode;
  private final MembershipFile file;

  /**
   * @param dataFolder holds the membership file
   * @param clusterName as configured
   * @param client where clients connect
   * @param internal where other nodes connect
   * @param regionRaft where other replicas' Raft servers connect
   * @param processId drawn at the start of this process: tells it from one on a copy of its folder
   * @param pauseMs between two attempts while no ConfigNode answers
   */
  public record Options(
      Path dataFolder,
      String clusterName,
      Endpoint client,
      Endpoint internal,
      Endpoint regionRaft,
      long processId,
      long pauseMs) {}

  /**
   * @param catalog where everything is
   * @param pipes the pipe table, null when the ConfigNode sent none
   */
  public record Joined(UUID clusterId, int nodeId, Catalog catalog, PipeTable pipes) {}

  public ClusterMembership(Options options, ConfigNodeClient configNode) {
    this.options = options;
    this.configNode = configNode;
    this.file = new MembershipFile(options.dataFolder());
  }

  /**
   * Registers, trying until a ConfigNode answers, and remembers the answer in the data folder.
   *
   * @throws StatusException when the cluster refuses this node or its folder: one line that says
   *     what to do
   * @throws IOException when the data folder cannot be read or written
   * @throws InterruptedException when the node is told to stop meanwhile
   */
  public Joined join() throws StatusException, IOException, InterruptedException {
    Optional<MembershipFile.Membership> known = file.read();
    RegisterDataNodeResp answer = register(request(known));
    if (answer.getStatus().getCode() != StatusCode.SUCCESS) {
      throw new StatusException(answer.getStatus().getCode(), answer.getStatus().getMessage());
    }
    MembershipFile.Membership now =
        new MembershipFile.Membership(UUID.fromString(answer.getClusterId()), answer.getNodeId());
    if (known.isPresent() && !known.get().equals(now)) {
      throw otherCluster(known.get(), now);
    }
    if (known.isEmpty()) {
      file.write(now);
    }
    LOG.info("DataNode {} of cluster {}", now.nodeId(), now.clusterId());
    return new Joined(now.clusterId(), now.nodeId(), answer.getCatalog(), answer.getPipes());
  }

  /**
   * Says once more who this node is and where. Blocks for as long as a ConfigNode is looked for.
   *
   * @return null when the cluster agrees; else why this process must not go on as this node
   * @throws StatusException when no ConfigNode says
   */
  public String confirm() throws StatusException {
    RegisterDataNodeResp answer;
    try {
      RegisterDataNodeReq request = request(file.read());
      answer = configNode.call(leader -> leader.registerDataNode(request));
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "The membership file cannot be read: " + e.getMessage(), e);
    }
    Status status = answer.getStatus();
    if (status.getCode() == StatusCode.ILLEGAL_PARAMETER) {
      return status.getMessage();
    }
    if (status.getCode() != StatusCode.SUCCESS) {
      throw new StatusException(status.getCode(), status.getMessage());
    }
    return null;
  }

  private RegisterDataNodeReq request(Optional<MembershipFile.Membership> known) {
    int id = known.map(MembershipFile.Membership::nodeId).orElse(NO_ID);
    RegisterDataNodeReq request =
        new RegisterDataNodeReq(
            options.clusterName(),
            new DataNodeLocation(id, options.client(), options.internal(), options.regionRaft()));
    request.setProcessId(options.processId());
    known.ifPresent(membership -> request.setClusterId(membership.clusterId().toString()));
    return request;
  }

  private RegisterDataNodeResp register(RegisterDataNodeReq request) throws InterruptedException {
    while (true) {
      try {
        return configNode.call(leader -> leader.registerDataNode(request));
      } catch (StatusException e) {
        LOG.warn("Waiting for a ConfigNode to register with: {}", e.getMessage());
        TimeUnit.MILLISECONDS.sleep(options.pauseMs());
      }
    }
  }

  private StatusException otherCluster(
      MembershipFile.Membership folder, MembershipFile.Membership answered) {
    return new StatusException(
        StatusCode.ILLEGAL_PARAMETER,
        "The data folder "
            + options.dataFolder()
            + " is DataNode "
            + folder.nodeId()
            + " of cluster "
            + folder.clusterId()
            + ", but the ConfigNodes belong to cluster "
            + answered.clusterId()
            + " and call it "
            + answered.nodeId()
            + ": start with another data folder, or correct dn_seed_config_node");
  }
}
