package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import org.antlr.v4.runtime.tree.TerminalNode;

/** When and where a statement is read: what {@code now()} and a date without a zone mean. */
record Moment(ZoneId zone, long nowMs) {
  /** The moment a date names, in milliseconds; empty when it names none. */
  OptionalLong date(String text) {
    return DateText.epochMs(text, zone);
  }

  /** As {@link #date}, for text that can be nothing but a date. */
  long requireDate(String text) {
    return date(text)
        .orElseThrow(
            () ->
                Refusal.semantic(
                    "Input time format "
                        + Refusal.shown(text)
                        + " error. Input like yyyy-MM-dd HH:mm:ss, yyyy-MM-ddTHH:mm:ss or"
                        + " yyyy-MM-ddTHH:mm:ss.SSS+08:00"));
  }

  /** {@code timeMs} with durations added or taken away, from left to right. */
  long shift(long timeMs, List<SqlGrammar.SignContext> signs, List<TerminalNode> durations) {
    long shifted = timeMs;
    for (int i = 0; i < durations.size(); i++) {
      shifted = shift(shifted, signs.get(i).MINUS() != null, durations.get(i).getText());
    }
    return shifted;
  }

  long shift(long timeMs, boolean back, String duration) {
    return DurationText.shift(timeMs, back, duration, zone);
  }
}
