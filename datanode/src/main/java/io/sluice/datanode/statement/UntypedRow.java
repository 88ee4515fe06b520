package io.sluice.datanode.statement;

import io.sluice.sql.statement.Literal;
import java.util.List;

/**
 * A row whose values have no types yet: from SQL, or sent as texts.
 *
 * @param measurements checked, in the schema's form
 * @param values one per measurement
 */
public record UntypedRow(
    String device, boolean aligned, long timeMs, List<String> measurements, List<Literal> values) {

  /** The same with values a client sent as texts. */
  public static UntypedRow ofTexts(
      String device, boolean aligned, long timeMs, List<String> measurements, List<String> texts) {
    return new UntypedRow(
        device,
        aligned,
        timeMs,
        measurements,
        texts.stream()
            .map(text -> text == null ? new Literal.Null() : LiteralValue.ofText(text))
            .toList());
  }
}
