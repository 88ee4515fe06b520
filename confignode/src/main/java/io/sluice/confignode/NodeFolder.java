package io.sluice.confignode;

import io.sluice.common.file.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * A ConfigNode's folder: {@code identity} says who it is, {@code raft/} holds log and snapshots,
 * {@code lock} keeps a second process out.
 */
final class NodeFolder implements AutoCloseable {
  private static final String FORMAT = "1";
  private static final String IDENTITY = "identity";

  private final Path folder;
  private final FileChannel lockFile;

  /** Who this node is; written once, before it first takes part. */
  record NodeIdentity(UUID clusterId, String clusterName, int nodeId, int raftPort) {}

  /**
   * Makes the folder if there is none and locks it.
   *
   * @throws IOException in one readable line when it cannot be used
   */
  NodeFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(raftFolder());
    this.lockFile =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(lockFile)) {
      lockFile.close();
      throw new IOException(
          "folder " + folder + " is used by another process: stop it, or choose another folder");
    }
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process, e.g. two nodes of one test.
      return false;
    }
  }

  Path raftFolder() {
    return folder.resolve("raft");
  }

  /** Empty before the first start. */
  Optional<NodeIdentity> identity() throws IOException {
    Path file = folder.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties fields = new Properties();
    fields.load(new ByteArrayInputStream(Files.readAllBytes(file)));
    try {
      if (!FORMAT.equals(fields.getProperty("format"))) {
        throw new IOException(
            file + " is of another release: format " + fields.getProperty("format"));
      }
      return Optional.of(
          new NodeIdentity(
              UUID.fromString(fields.getProperty("cluster_id")),
              fields.getProperty("cluster_name"),
              Integer.parseInt(fields.getProperty("node_id")),
              Integer.parseInt(fields.getProperty("raft_port"))));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new IOException(
          file + " is damaged: restore it from a backup, or start with an empty folder", e);
    }
  }

  void write(NodeIdentity identity) throws IOException {
    String text =
        "format="
            + FORMAT
            + "\n"
            + "cluster_id="
            + identity.clusterId()
            + "\n"
            + "cluster_name="
            + escaped(identity.clusterName())
            + "\n"
            + "node_id="
            + identity.nodeId()
            + "\n"
            + "raft_port="
            + identity.raftPort()
            + "\n";
    DurableFiles.replace(folder.resolve(IDENTITY), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** As {@link Properties#load} reads it back. */
  private static String escaped(String value) {
    StringBuilder out = new StringBuilder();
    for (char c : value.toCharArray()) {
      if (c == '\\' || c < ' ' || c > '~' || c == ' ' && out.length() == 0) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
