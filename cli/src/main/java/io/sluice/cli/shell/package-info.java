/**
 * Statements typed at a prompt or read from a script.
 *
 * <p>Nouns: the {@link io.sluice.cli.shell.StatementRunner} (executes one statement and prints its
 * answer), the {@link io.sluice.cli.shell.ScriptRun} (a file or a pipe of them), the {@link
 * io.sluice.cli.shell.InteractiveShell} (a prompt).
 *
 * <p>Path: text is cut into statements, those of the command line itself are carried out here, the
 * others go to the server; its rows become a table, its refusals a {@code Msg:} line.
 *
 * <p>Invariants: an error is never passed over: it is printed, and a script ends with it unless
 * told otherwise; a statement is sent once, never again on its own.
 *
 * <p>Never imports the CSV code.
 */
package io.sluice.cli.shell;
