package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Record;
import java.util.List;

/** What became of a command. */
public sealed interface Decision {
  /**
   * It is a fact.
   *
   * @param records empty when it changed nothing
   * @param image in which they are facts
   */
  record Took(List<Record> records, ClusterImage image) implements Decision {}

  /** It was refused, and has no effect. */
  record Refused(int code, String text) implements Decision {}

  /** It has no effect and never will: this ConfigNode does not lead, or not in that term. */
  record Lost() implements Decision {}

  /** It may have taken effect, or may yet. */
  record Unknown(int code, String text) implements Decision {}
}
