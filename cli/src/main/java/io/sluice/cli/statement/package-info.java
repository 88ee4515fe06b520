/**
 * Cuts what a person typed or a script holds into statements.
 *
 * <p>Nouns: a {@link io.sluice.cli.statement.Statement} (text and the line it began on), the {@link
 * io.sluice.cli.statement.StatementSplitter} that finds their ends.
 *
 * <p>Path: characters go in piece by piece, a statement comes out at each {@code ;} that is outside
 * quotes and comments; the rest waits for more text or for the end of the input.
 *
 * <p>Invariants: text inside quotes is never changed; a comment becomes blanks of the same length,
 * so that the columns in the server's messages still point at the right place; nothing is dropped.
 *
 * <p>Pure: imports nothing but the JDK's collections.
 */
package io.sluice.cli.statement;
