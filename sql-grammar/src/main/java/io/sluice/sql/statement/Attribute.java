package io.sluice.sql.statement;

/**
 * {@code name=value} as a statement lists them: the name as written, the value without its quotes.
 * Lists of attributes keep the order and the duplicates of the text; whoever executes checks them.
 */
public record Attribute(String name, String value) {
  /** But for a password's value. */
  @Override
  public String toString() {
    return "Attribute[name="
        + name
        + ", value="
        + (name.equalsIgnoreCase("password") ? "***" : value)
        + "]";
  }
}
