/**
 * Comma-separated files, read line by line and written.
 *
 * <p>Nouns: {@link io.sluice.cli.csv.CsvField} (a text, quoted or not), {@link
 * io.sluice.cli.csv.CsvRecord} (the fields of one line, or why it has none), {@link
 * io.sluice.cli.csv.CsvReader}, {@link io.sluice.cli.csv.CsvWriter}.
 *
 * <p>Path: lines are cut at LF, CRLF or CR; a line whose quote is open takes the next ones with it;
 * when the quotes do not come right, the first line alone is bad and reading goes on with the
 * second. That recovery, with exact line numbers and bounded memory, is why the reader is our own:
 * readers from libraries give up on the whole file, or swallow it, at one stray quote.
 *
 * <p>Invariants: a line is never held longer than {@code RECORD_CHARS_MAX}; an empty field without
 * quotes is no value, one with quotes is an empty text; what the writer writes the reader reads.
 *
 * <p>Imports the JDK only.
 */
package io.sluice.cli.csv;
