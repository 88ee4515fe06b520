package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.RegionMember;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The members a region was made with, in its folder. Ratis keeps a group's members from the first
 * log entry on; a replica that restarts before it had one would belong to nobody, never vote, and
 * two such of three leave the region without a leader for ever. Members that were logged go before
 * these. See {@code docs/formats/region-folder.md}.
 */
final class Founders {
  private static final String FILE = "founders";

  private Founders() {}

  /** Durable when this returns. */
  static void write(Path folder, List<RegionMember> members) throws IOException {
    StringBuilder text = new StringBuilder();
    for (RegionMember member : members) {
      text.append(member.nodeId()).append(' ').append(member.host());
      text.append(' ').append(member.raftPort()).append('\n');
    }
    DurableFiles.replace(folder.resolve(FILE), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * None for a replica that waits to be taken in.
   *
   * @throws IOException when the file is there and cannot be read, naming it
   */
  static List<RegionMember> of(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<RegionMember> members = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ");
      try {
        members.add(
            new RegionMember(Integer.parseInt(words[0]), words[1], Integer.parseInt(words[2])));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + " is not a list of members: " + line, e);
      }
    }
    return members;
  }
}
