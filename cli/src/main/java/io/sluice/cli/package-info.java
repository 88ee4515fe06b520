/**
 * The command line: a prompt and scripts for SQL, import and export of CSV files.
 *
 * <p>Nouns: {@link io.sluice.cli.Cli} (the entry and the composition root), its sub-commands, the
 * {@link io.sluice.cli.Console} they print to.
 *
 * <p>Path: arguments are parsed, a connection is made as any client makes one, and the work is
 * handed to {@code shell}, {@code load} or {@code dump}.
 *
 * <p>Invariants: an error is one clear line on the error stream and an exit status other than 0; a
 * password is never printed.
 *
 * <p>Imports no other module: what it can do, any client of the protocol can do.
 */
package io.sluice.cli;
