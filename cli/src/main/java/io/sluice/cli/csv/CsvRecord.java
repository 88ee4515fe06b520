package io.sluice.cli.csv;

import java.util.List;

/** What a reader makes of a line. */
public sealed interface CsvRecord {
  /** The number of the line, from 1; of the first one where a field spans several. */
  long line();

  /** A line with at least one field. */
  record Fields(long line, List<CsvField> fields) implements CsvRecord {}

  /** A line that is no record. */
  record Bad(long line, String reason) implements CsvRecord {}
}
