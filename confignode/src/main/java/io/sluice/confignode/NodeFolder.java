package io.sluice.confignode;

import io.sluice.common.file.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A ConfigNode's folder: {@code identity} says who it is, {@code raft/} holds log and snapshots,
 * {@code lock} keeps a second process out.
 */
final class NodeFolder implements AutoCloseable {
  private static final String VERSION = "1";
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

  /**
   * Empty before the first start.
   *
   * @throws IOException in one readable line when the file is damaged or of another release
   */
  Optional<NodeIdentity> identity() throws IOException {
    Path file = folder.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = Files.readString(file);
    int checked = text.lastIndexOf("crc32c=");
    if (checked < 0 || !text.substring(checked).equals(checksumLine(text.substring(0, checked)))) {
      throw new IOException(
          file + " is damaged: restore it from a backup, or start with an empty folder");
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : text.substring(0, checked).split("\n")) {
      int equals = line.indexOf('=');
      fields.put(line.substring(0, equals), line.substring(equals + 1));
    }
    if (!VERSION.equals(fields.get("version"))) {
      throw new IOException(file + " is of another release: version " + fields.get("version"));
    }
    return Optional.of(
        new NodeIdentity(
            UUID.fromString(fields.get("cluster_id")),
            fields.get("cluster_name"),
            Integer.parseInt(fields.get("node_id")),
            Integer.parseInt(fields.get("raft_port"))));
  }

  /** Durable when it returns. */
  void write(NodeIdentity identity) throws IOException {
    if (identity.clusterName().indexOf('\n') >= 0) {
      throw new IOException("cluster_name is more than one line");
    }
    String fields =
        String.join(
            "\n",
            "version=" + VERSION,
            "cluster_id=" + identity.clusterId(),
            "cluster_name=" + identity.clusterName(),
            "node_id=" + identity.nodeId(),
            "raft_port=" + identity.raftPort(),
            "");
    DurableFiles.replace(
        folder.resolve(IDENTITY), (fields + checksumLine(fields)).getBytes(StandardCharsets.UTF_8));
  }

  private static String checksumLine(String before) {
    CRC32C crc = new CRC32C();
    crc.update(before.getBytes(StandardCharsets.UTF_8));
    return String.format("crc32c=%08x\n", crc.getValue());
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
