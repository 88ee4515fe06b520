/**
 * Import: a CSV file into series.
 *
 * <p>Nouns: {@link io.sluice.cli.load.CsvLayout} (what the columns mean), {@link
 * io.sluice.cli.load.ColumnTypes} (what they hold, looked at over the whole file), {@link
 * io.sluice.cli.load.DeviceRows} (rows on their way to one device), {@link
 * io.sluice.cli.load.CsvImport} (the run).
 *
 * <p>Path: the file is read once for its layout and types, the types of series that exist are asked
 * of the server, the file is read again; each line's values are gathered per device and go out as
 * tablets, in the order of the file, one on the wire while the next are built.
 *
 * <p>Invariants: a line is imported whole or reported with its number and the reason; of two lines
 * with one time stamp the later wins, as the tablets of a device keep the file's order; memory is
 * bounded however large the file is.
 *
 * <p>Never imports the terminal; knows the server by {@link io.sluice.cli.server.TabletSink} only.
 */
package io.sluice.cli.load;
