package io.sluice.cli.load;

/**
 * What an import did.
 *
 * @param lines that hold data, good or bad
 * @param rows acknowledged by the server: one per line and device
 * @param values acknowledged by the server
 * @param badLines not imported
 * @param emptyLines with a time and no value: nothing to import
 */
public record ImportResult(long lines, long rows, long values, long badLines, long emptyLines) {}
