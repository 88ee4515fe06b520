package io.sluice.confignode.view;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.PartingRegion;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Database;
import io.sluice.confignode.core.Identity;
import io.sluice.confignode.core.Parting;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.Region;
import java.util.List;

/** The image in the words of {@code cluster.thrift}. */
public final class Views {
  private Views() {}

  public static Endpoint endpoint(Address address) {
    return new Endpoint(address.host(), address.port());
  }

  public static Address address(Endpoint endpoint) {
    return new Address(endpoint.getHost(), endpoint.getPort());
  }

  /** Empty text until the cluster is founded. */
  public static String clusterId(ClusterImage image) {
    return image.identity().map(identity -> identity.clusterId().toString()).orElse("");
  }

  public static ConfigNodeLocation location(ConfigNodeMember node) {
    return new ConfigNodeLocation(node.id(), endpoint(node.internal()), endpoint(node.raft()));
  }

  public static DataNodeLocation location(DataNodeMember node) {
    return new DataNodeLocation(
        node.id(), endpoint(node.client()), endpoint(node.internal()), endpoint(node.regionRaft()));
  }

  public static ConfigNodeMember member(ConfigNodeLocation location) {
    return new ConfigNodeMember(
        location.getId(), address(location.getInternal()), address(location.getRaft()));
  }

  public static DataNodeMember member(DataNodeLocation location) {
    return new DataNodeMember(
        location.getId(),
        address(location.getClient()),
        address(location.getInternal()),
        address(location.getRegionRaft()));
  }

  /** What a DataNode is asked with each heartbeat, and told by it. */
  public static HeartbeatReq heartbeat(ClusterImage image, long nowMs) {
    return new HeartbeatReq(
        clusterId(image),
        image.catalogVersion(),
        image.pipes().version(),
        configNodes(image),
        nowMs);
  }

  public static List<ConfigNodeLocation> configNodes(ClusterImage image) {
    return image.nodes().configNodes().values().stream().map(Views::location).toList();
  }

  public static Catalog catalog(ClusterImage image) {
    Identity identity = image.identity().orElseThrow();
    Catalog catalog =
        new Catalog(
            image.catalogVersion(),
            identity.clusterId().toString(),
            identity.clusterName(),
            identity.seriesSlotNum(),
            image.nodes().dataNodes().values().stream().map(Views::location).toList(),
            configNodes(image),
            image.databases().databases().values().stream().map(Views::database).toList(),
            image.databases().liveRegions().stream().map(Views::region).toList());
    return catalog.setUsers(UserViews.users(image)).setPartings(partings(image));
  }

  private static List<PartingRegion> partings(ClusterImage image) {
    return image.databases().partings().values().stream()
        .map(parting -> parting(image, parting))
        .toList();
  }

  private static PartingRegion parting(ClusterImage image, Parting parting) {
    Region region = image.databases().regions().get(parting.regionId());
    PartingRegion view = new PartingRegion(region(region), List.copyOf(parting.pipes()));
    return parting.ttlMs() == Database.NO_TTL ? view : view.setTtlMs(parting.ttlMs());
  }

  private static DatabaseInfo database(Database database) {
    DatabaseInfo info =
        new DatabaseInfo(
            database.name(),
            database.generation(),
            database.replicationFactor(),
            database.regionIds(),
            database.createdAtMs());
    return database.ttlMs() == Database.NO_TTL ? info : info.setTtlMs(database.ttlMs());
  }

  public static RegionInfo region(Region region) {
    return new RegionInfo(
        region.id(),
        region.uuid().toString(),
        region.database(),
        region.replicas(),
        region.createdAtMs());
  }

  /** Where the region's replicas are, in their order. */
  public static List<DataNodeLocation> peers(ClusterImage image, Region region) {
    return region.replicas().stream()
        .map(id -> location(image.nodes().dataNodes().get(id)))
        .toList();
  }

  public static PipeInfo pipe(ClusterImage image, Pipe pipe, PipeStatus status) {
    PipeInfo info =
        new PipeInfo(
            pipe.name(),
            pipe.number(),
            SinkViews.ofPipe(image.pipes().sinks().get(pipe.sink())),
            pipe.createdAtMs(),
            pipe.startTimeMs(),
            pipe.syncDeletions(),
            status);
    info.setChangedAt(pipe.changedAt());
    return info;
  }

  public static PipeInfo pipe(ClusterImage image, Pipe pipe) {
    return pipe(image, pipe, status(pipe.status()));
  }

  /** What a DataNode is told of a pipe: how the pipe is to be after the operation. */
  public static PipeOperationReq operation(
      ClusterImage image, long pipeNumber, PipeProcedure.Operation operation) {
    Pipe pipe = image.pipes().pipes().get(pipeNumber);
    return switch (operation) {
      case CREATE -> new PipeOperationReq(PipeOperation.CREATE, pipe(image, pipe, PipeStatus.STOP));
      case START ->
          new PipeOperationReq(PipeOperation.START, pipe(image, pipe, PipeStatus.RUNNING));
      case STOP -> new PipeOperationReq(PipeOperation.STOP, pipe(image, pipe, PipeStatus.STOP));
      case DROP -> new PipeOperationReq(PipeOperation.DROP, pipe(image, pipe, PipeStatus.DROP));
    };
  }

  public static PipeTable pipeTable(ClusterImage image) {
    return new PipeTable(
        image.pipes().version(),
        image.pipes().pipes().values().stream().map(pipe -> pipe(image, pipe)).toList());
  }

  private static PipeStatus status(Pipe.Status status) {
    return switch (status) {
      case RUNNING -> PipeStatus.RUNNING;
      case STOP -> PipeStatus.STOP;
      case DROP -> PipeStatus.DROP;
    };
  }
}
