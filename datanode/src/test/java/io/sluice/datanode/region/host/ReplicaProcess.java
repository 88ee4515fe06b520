package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.Writes;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A process that is one of three members of a region, and while it leads writes rows and says which
 * were acknowledged: {@code FOLDER NODE FIRST}. Row n has time n and value 31 n. Runs until it is
 * killed, or its parent is gone. Nodes find each other by files of their ports.
 */
public final class ReplicaProcess {
  static final UUID REGION = new UUID(2, 2);
  static final int NODES = 3;
  private static final int IN_FLIGHT = 32;

  private ReplicaProcess() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int node = Integer.parseInt(args[1]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    RegionHost host = open(folder, node);
    byte[] port = Integer.toString(host.raftPort()).getBytes(StandardCharsets.US_ASCII);
    DurableFiles.replace(folder.resolve("port-" + node), port);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> IntStream.rangeClosed(1, NODES).allMatch(n -> member(folder, n).isPresent()));
    List<RegionMember> members =
        IntStream.rangeClosed(1, NODES).mapToObj(n -> member(folder, n).orElseThrow()).toList();
    Region region = host.create(REGION, "root.x", members);
    Semaphore room = new Semaphore(IN_FLIGHT);
    // Rows of this node alone, whichever process of it this is.
    for (long row = Long.parseLong(args[2]) * NODES + node; !out.checkError(); row += NODES) {
      room.acquire();
      long number = row;
      region
          .propose(Writes.row("root.x.d", "s", row, row * 31))
          .thenAccept(
              result -> {
                if (result instanceof Applied) {
                  out.println(number);
                }
                room.release();
              });
    }
    Runtime.getRuntime().halt(1);
  }

  static RegionHost open(Path folder, int node) throws IOException {
    RegionOptions options =
        new RegionOptions(64 << 10, 60_000, 50, 8 << 20, 8 << 20, 2_000, 8 << 20, 64 << 20);
    Path own = Files.createDirectories(folder.resolve("node-" + node));
    return RegionHost.open(
        new RegionHostOptions(Replicas.CLUSTER, node, own, "127.0.0.1", 0, options),
        new PointsFileWriter(),
        new NoPeers() {
          @Override
          public Optional<RegionMember> member(int nodeId) {
            return ReplicaProcess.member(folder, nodeId);
          }
        });
  }

  private static Optional<RegionMember> member(Path folder, int node) {
    Path port = folder.resolve("port-" + node);
    try {
      return Files.exists(port)
          ? Optional.of(
              new RegionMember(node, "127.0.0.1", Integer.parseInt(Files.readString(port))))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
