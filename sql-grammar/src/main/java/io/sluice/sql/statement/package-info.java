/**
 * SQL statements as values: what {@link io.sluice.sql.SqlParser} makes of a text and what a
 * DataNode executes. Nouns: a {@link io.sluice.sql.statement.Statement}, one record per statement,
 * grouped by what it is about; a {@link io.sluice.sql.statement.Literal}, a constant as written; a
 * {@link io.sluice.sql.statement.TimeRange}, what a time condition comes down to.
 *
 * <p>A path is a list of nodes. A node that is not a plain identifier is in back-quotes, one that
 * is has none however it was written, so that equal nodes are equal texts; {@code *} and {@code **}
 * stand in patterns only. Times are milliseconds since the epoch: dates and {@code now()} are
 * resolved before a statement is made. Names of types, encodings and compressors are upper-case and
 * unchecked: who knows the storage checks them.
 *
 * <p>Values only: no I/O, no threads, nothing imported but the JDK.
 */
package io.sluice.sql.statement;
