/**
 * Executing statements: from the records of the SQL grammar, or from what client calls ask for
 * directly, to log entries, scans and calls of the ConfigNode.
 *
 * <p>Nouns: {@link io.sluice.datanode.statement.StatementExecutor} (one SQL text in, one {@link
 * io.sluice.datanode.statement.StatementResult} out), {@link
 * io.sluice.datanode.statement.PointWriter} (points to their regions), {@link
 * io.sluice.datanode.statement.Queries} (rows from all regions).
 *
 * <p>Path of an INSERT: parsed, values typed by the schema or inferred, rows grouped by region, one
 * log entry per region, one outcome per row. Path of a SELECT: patterns, series of all regions, one
 * scan per region, merged by time, rows a WHERE on values does not hold for left out, cut to LIMIT
 * and OFFSET while the client fetches.
 *
 * <p>Invariants: a refusal is a {@link io.sluice.common.status.StatusException} or a {@link
 * io.sluice.datanode.statement.WriteOutcome} with the code and text clients know; everything that
 * could differ between replicas is resolved before an entry is proposed; column names and texts are
 * those IoTDB prints.
 *
 * <p>Never imports the client protocol's stubs, Netty, files or a region's inside.
 */
package io.sluice.datanode.statement;
