package io.sluice.datanode.region.host;

import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.Writes;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * A process that writes rows and says which of them were acknowledged: {@code FOLDER FIRST}. Row n
 * has time n and value 31 n. Runs until it is killed, or its parent is gone.
 */
public final class AckingWriter {
  static final UUID CLUSTER = new UUID(1, 1);
  static final UUID REGION = new UUID(2, 2);
  private static final int IN_FLIGHT = 64;

  private AckingWriter() {}

  static RegionHost open(Path folder) throws Exception {
    RegionOptions options =
        new RegionOptions(64 << 10, 60_000, 50, 8 << 20, 8 << 20, 20_000, 8 << 20, 8 << 20);
    return RegionHost.open(
        new RegionHostOptions(CLUSTER, 1, folder, "127.0.0.1", 0, options),
        new PointsFileWriter(),
        new NoPeers());
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    RegionHost host = open(Path.of(args[0]));
    Region region = host.create(REGION, "root.x", List.of(new RegionMember(1, "127.0.0.1", 1)));
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (long row = Long.parseLong(args[1]); !out.checkError(); row++) {
      room.acquire();
      long number = row;
      region
          .propose(Writes.row("root.x.d" + row % 3, "s", row, row * 31))
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
}
