package io.sluice.datanode.region;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A node without other nodes. */
public class NoPeers implements PeerReplicas {
  @Override
  public void copyImage(UUID region, int fromNode, Path into) throws IOException {
    throw unreachable(fromNode);
  }

  @Override
  public void copyPart(UUID region, int fromNode, Path into, PartOfImage part) throws IOException {
    throw unreachable(fromNode);
  }

  @Override
  public void copyLoadFile(
      UUID region,
      int fromNode,
      String stagedName,
      long lengthBytes,
      int crc32c,
      Path target,
      long patienceMs)
      throws IOException {
    throw unreachable(fromNode);
  }

  @Override
  public void stageAt(
      UUID region,
      int node,
      String stagedName,
      long lengthBytes,
      int crc32c,
      BooleanSupplier wanted)
      throws IOException {
    throw unreachable(node);
  }

  @Override
  public Optional<RegionMember> member(int nodeId) {
    return Optional.empty();
  }

  private static IOException unreachable(int node) {
    return new IOException("DataNode " + node + " cannot be reached");
  }
}
