package io.sluice.cli.server;

/** What a statement that succeeded gives. */
public sealed interface Answer {
  /** It has no rows by its nature. */
  record Done() implements Answer {}

  /** Its rows, to be closed by who reads them. */
  record Rows(ResultRows rows) implements Answer {}
}
