/**
 * SQL text to statements. Nouns: the grammar ({@code SqlLexer.g4}, {@code SqlGrammar.g4}), the
 * {@link io.sluice.sql.SqlParser} in front of it, and the {@link io.sluice.sql.statement.Statement}
 * it answers.
 *
 * <p>Path of a text: tokens, parse tree, one builder per group of statements, a record. Dates,
 * {@code now()} and paths are in their final form in the record; nothing behind this package looks
 * at SQL text again.
 *
 * <p>Invariants: no text, however long, deep or broken, does anything but answer a statement or
 * throw {@link io.sluice.sql.SqlException}; the same text, zone and time give an equal statement;
 * no state between two parses. Imports the ANTLR runtime and nothing else of the project.
 */
package io.sluice.sql;
