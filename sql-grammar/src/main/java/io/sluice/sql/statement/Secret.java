package io.sluice.sql.statement;

/** A text of a statement that is never printed. */
public record Secret(String text) {
  @Override
  public String toString() {
    return "***";
  }
}
