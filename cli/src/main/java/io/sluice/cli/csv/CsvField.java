package io.sluice.cli.csv;

/**
 * One field.
 *
 * @param text without the quotes around it
 * @param quoted whether it stood in quotes
 */
public record CsvField(String text, boolean quoted) {
  /** Whether there is no value: nothing between the separators, not even quotes. */
  public boolean isMissing() {
    return text.isEmpty() && !quoted;
  }
}
