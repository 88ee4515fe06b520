/**
 * Export: the rows of a query as a CSV file that an import takes back.
 *
 * <p>Nouns: {@link io.sluice.cli.dump.ExportLayout} (one column per series, or one line per
 * device), {@link io.sluice.cli.dump.CsvExport} (the run).
 *
 * <p>Path: rows are fetched block by block and written as they come, to a file beside the wanted
 * one that takes its name when it is whole.
 *
 * <p>Invariants: the header holds each column's type; no value is an empty field, an empty text is
 * a quoted one; a file with the wanted name is never half written.
 *
 * <p>Never imports the terminal.
 */
package io.sluice.cli.dump;
