package io.sluice.datanode.cluster;

import io.sluice.common.file.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file by which a data folder knows which node of which cluster it is: {@code
 * docs/formats/membership.md}. Replaced as a whole.
 */
final class MembershipFile {
  static final String NAME = "system.properties";

  private static final String VERSION = "1";
  private static final String CRC_KEY = "crc32c=";

  /** More than this is not our file. */
  private static final long BYTES_MAX = 64 << 10;

  private final Path file;

  MembershipFile(Path dataFolder) {
    this.file = dataFolder.resolve(NAME);
  }

  record Membership(UUID clusterId, int nodeId) {}

  /** Empty when the folder belongs to no cluster yet. */
  Optional<Membership> read() throws IOException {
    String text;
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw damaged("it is too large", null);
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    int crcAt = text.lastIndexOf(CRC_KEY);
    if (crcAt < 0 || !text.substring(crcAt).trim().equals(crcLine(text.substring(0, crcAt)))) {
      throw damaged("its checksum does not match", null);
    }
    Map<String, String> values = new HashMap<>();
    for (String line : text.substring(0, crcAt).split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    if (!VERSION.equals(values.get("version"))) {
      throw damaged("its version " + values.get("version") + " is not known here", null);
    }
    try {
      return Optional.of(
          new Membership(
              UUID.fromString(values.getOrDefault("cluster_id", "")),
              Integer.parseInt(values.getOrDefault("node_id", ""))));
    } catch (IllegalArgumentException e) {
      throw damaged("a value is missing", e);
    }
  }

  /** On return it is on disk. */
  void write(Membership membership) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    String body =
        "version="
            + VERSION
            + "\ncluster_id="
            + membership.clusterId()
            + "\nnode_id="
            + membership.nodeId()
            + "\n";
    DurableFiles.replace(file, (body + crcLine(body) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String crcLine(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return CRC_KEY + String.format("%08x", crc.getValue());
  }

  private IOException damaged(String why, Throwable cause) {
    return new IOException(
        file
            + " is damaged ("
            + why
            + "): restore it from a backup, or start with an empty data folder",
        cause);
  }
}
