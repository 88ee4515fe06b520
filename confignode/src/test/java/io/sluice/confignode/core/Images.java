package io.sluice.confignode.core;

import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.status.StatusException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/** Images for tests, made as real ones are: by deciding and replaying. */
public final class Images {
  public static final UUID CLUSTER = UUID.fromString("00000000-0000-0000-0000-00000000c1c1");
  public static final long NOW_MS = 1_700_000_000_000L;

  private Images() {}

  /** The image after the commands, each of which must be accepted. */
  public static ClusterImage after(ClusterImage start, Command... commands) {
    ClusterImage image = start;
    for (Command command : commands) {
      try {
        image = image.replay(command.decide(image, NOW_MS)).nextRevision();
      } catch (StatusException e) {
        throw new AssertionError(command + " was refused: " + e.getMessage(), e);
      }
    }
    return image;
  }

  /** A founded cluster with ConfigNode 0 and DataNodes 1 to {@code dataNodes}. */
  public static ClusterImage cluster(int dataNodes) {
    ClusterImage image =
        after(
            ClusterImage.EMPTY,
            new NodeCommand.FoundCluster(
                CLUSTER,
                "edge",
                10_000,
                new ConfigNodeMember(0, new Address("127.0.0.1", 10710), new Address("h", 10720))));
    for (int i = 0; i < dataNodes; i++) {
      image = after(image, join("edge", i));
    }
    return image;
  }

  static NodeCommand.RegisterDataNode join(String clusterName, int portStep) {
    return new NodeCommand.RegisterDataNode(
        clusterName, java.util.Optional.empty(), dataNode(NodeCommand.NO_ID, portStep));
  }

  static DataNodeMember dataNode(int id, int portStep) {
    return new DataNodeMember(
        id,
        new Address("127.0.0.1", 6667 + portStep),
        new Address("127.0.0.1", 10730 + portStep),
        new Address("127.0.0.1", 10760 + portStep));
  }

  static PipeSinkCommand.CreatePipeSink sink(String name) {
    return new PipeSinkCommand.CreatePipeSink(name, "IoTDB", "127.0.0.1", 6668);
  }

  static PipeCommand.BeginCreate create(String name, String sink) {
    return new PipeCommand.BeginCreate(name, sink, 0, false, ids(1, 2));
  }

  static DatabaseCommand.CreateDatabase database(String name, Integer... nodes) {
    List<UUID> uuids = java.util.Arrays.stream(nodes).map(node -> UUID.randomUUID()).toList();
    return new DatabaseCommand.CreateDatabase(name, false, 1, List.of(nodes), uuids);
  }

  /** Regions of {@code factor} replicas, one for each node. */
  static DatabaseCommand.CreateDatabase replicated(String name, int factor, Integer... nodes) {
    List<UUID> uuids = java.util.Arrays.stream(nodes).map(node -> UUID.randomUUID()).toList();
    return new DatabaseCommand.CreateDatabase(name, false, factor, List.of(nodes), uuids);
  }

  /** As if each DataNode had made what it was told to. */
  static ClusterImage made(ClusterImage image) {
    ClusterImage after = image;
    for (Region region : image.databases().unfinishedRegions()) {
      for (int node : region.unconfirmed()) {
        after = after(after, new DatabaseCommand.ConfirmRegion(region.id(), node, region.phase()));
      }
    }
    return after;
  }

  static RegionCommand.Nodes running(Integer... nodes) {
    return new RegionCommand.Nodes(ids(nodes), ids(nodes));
  }

  static TreeSet<Integer> ids(Integer... ids) {
    return new TreeSet<>(List.of(ids));
  }

  /** The one procedure under way. */
  static PipeProcedure procedure(ClusterImage image) {
    return image.pipes().procedures().values().iterator().next();
  }

  static PipeCommand.End end(ClusterImage image, boolean succeeded) {
    return new PipeCommand.End(procedure(image).id(), succeeded);
  }

  /** A user whose password is kept as bytes of this value. */
  static User user(String name, int value) {
    return new User(
        name, new Verifier(secret(16, value), 60_000, secret(32, value), secret(32, value)));
  }

  private static SecretBytes secret(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.of(bytes);
  }
}
