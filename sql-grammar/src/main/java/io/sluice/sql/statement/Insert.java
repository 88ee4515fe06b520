package io.sluice.sql.statement;

import java.util.List;

/**
 * INSERT INTO device(time, ...) [ALIGNED] VALUES (...), ....
 *
 * @param device without wildcards
 * @param measurements at least one, in the order of the text, without the time column; may hold
 *     duplicates
 * @param rows at least one, in the order of the text; each has one value per measurement
 */
public record Insert(
    List<String> device, boolean aligned, List<String> measurements, List<Row> rows)
    implements Statement {
  /** One row; a row written without a time has the moment of the parse. */
  public record Row(long timeMs, List<Literal> values) {}
}
