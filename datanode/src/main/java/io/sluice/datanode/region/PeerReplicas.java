package io.sluice.datanode.region;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The other nodes that hold replicas of this node's regions. Calls block for as long as a copy
 * takes and answer an interrupt with an IOException. Thread-safe.
 */
public interface PeerReplicas {
  /**
   * Copies a peer's durable image of a region, see {@link Region#openImage}.
   *
   * @param into an empty folder; names below it are the image's
   * @throws IOException when not every byte was had, checked and fsynced, names of files included
   */
  void copyImage(UUID region, int fromNode, Path into) throws IOException;

  /**
   * Copies files of a peer's durable image, see {@link Region#openImage}: its manifest, then those
   * of its files that are chosen when the manifest is there.
   *
   * @param into an empty folder; names below it are the image's
   * @throws NotGivenException when the peer does not give one of them, since it is damaged there
   * @throws IOException when not every chosen byte was had, checked and fsynced, names of files
   *     included
   */
  void copyPart(UUID region, int fromNode, Path into, PartOfImage part) throws IOException;

  /** A file of an image is damaged at the peer too. */
  final class NotGivenException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotGivenException(String message) {
      super(message);
    }
  }

  /** Chooses among the files of an image whose manifest has arrived. */
  @FunctionalInterface
  interface PartOfImage {
    /**
     * @return names as in {@link DurableImage.Entry}
     */
    Set<String> names() throws IOException;
  }

  /**
   * Copies the file of a LoadFile entry from a peer that has it, see {@link Region#loadFile}.
   *
   * @param target does not exist; checked and fsynced on return
   * @param patienceMs how long the peer may give nothing before it is given up
   */
  void copyLoadFile(
      UUID region,
      int fromNode,
      String stagedName,
      long lengthBytes,
      int crc32c,
      Path target,
      long patienceMs)
      throws IOException;

  /**
   * Has a peer stage the file of a LoadFile entry, which it fetches from this node; on return it is
   * durable there.
   *
   * @param wanted once it is false the peer is not asked again, and an answer that is not there
   *     soon is not waited for: a peer that is down costs a try, one that hangs a second. What a
   *     living one has begun to fetch it goes on with
   */
  void stageAt(
      UUID region,
      int node,
      String stagedName,
      long lengthBytes,
      int crc32c,
      BooleanSupplier wanted)
      throws IOException;

  /**
   * Where a node's Raft server listens as far as this node knows: it may have restarted elsewhere
   * since the log said so. Never waits for the network.
   */
  Optional<RegionMember> member(int nodeId);
}
