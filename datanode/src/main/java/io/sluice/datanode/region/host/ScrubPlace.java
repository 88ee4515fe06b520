package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.scrub.ScrubRound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says how far a node has come through its files, so that a restart goes on there:
 * {@code docs/formats/scrub-place.md}. Losing it costs a look at files that were looked at. Not
 * thread-safe.
 */
final class ScrubPlace {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubPlace.class);

  /** Name and version. */
  private static final String MAGIC = "sluice-scrub 1";

  private static final String NONE = "-";

  private final Path file;

  ScrubPlace(Path file) {
    this.file = file;
  }

  /**
   * What was written last; as if a round had just ended when there is nothing, or no sense in it.
   */
  ScrubRound read(long nowMs) throws IOException {
    if (!Files.exists(file)) {
      return ScrubRound.over(nowMs);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    try {
      return parse(text);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      LOG.warn("{} makes no sense and is begun anew", file, e);
      return ScrubRound.over(nowMs);
    }
  }

  /** Durable on return. */
  void write(ScrubRound round) throws IOException {
    DurableFiles.replace(file, text(round).getBytes(StandardCharsets.US_ASCII));
  }

  static String text(ScrubRound round) {
    return String.join(
        "\n",
        MAGIC,
        Long.toString(round.beganMs()),
        round.over() ? "over" : "under way",
        round.region() == null ? NONE : round.region().toString(),
        Long.toString(round.end()),
        "");
  }

  static ScrubRound parse(String text) {
    String[] lines = text.split("\n");
    if (!lines[0].equals(MAGIC)) {
      throw new IllegalArgumentException("not a scrub place of this version");
    }
    return new ScrubRound(
        Long.parseLong(lines[1]),
        lines[2].equals("over"),
        lines[3].equals(NONE) ? null : UUID.fromString(lines[3]),
        Long.parseLong(lines[4]));
  }
}
