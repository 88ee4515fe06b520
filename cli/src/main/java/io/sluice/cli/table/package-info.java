/**
 * Prints results as bordered tables.
 *
 * <p>Nouns: {@link io.sluice.cli.table.CellText} (what a cell shows and how wide it is), {@link
 * io.sluice.cli.table.TablePrinter} (a table that is printed while its rows come).
 *
 * <p>Path: rows of text go in, a block of them is measured, a border and the rows come out.
 *
 * <p>Invariants: at most one block of rows is held; a cell never contains a character that moves
 * the cursor; a border line stands above every row that is wider than the ones before.
 *
 * <p>Imports no network and no client library.
 */
package io.sluice.cli.table;
