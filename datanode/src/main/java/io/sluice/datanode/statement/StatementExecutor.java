package io.sluice.datanode.statement;

import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.verify.PipeVerifier;
import io.sluice.sql.SqlException;
import io.sluice.sql.SqlParser;
import io.sluice.sql.statement.ClusterStatement;
import io.sluice.sql.statement.DatabaseStatement;
import io.sluice.sql.statement.DeleteData;
import io.sluice.sql.statement.Insert;
import io.sluice.sql.statement.PipeSinkStatement;
import io.sluice.sql.statement.PipeStatement;
import io.sluice.sql.statement.Select;
import io.sluice.sql.statement.SeriesStatement;
import io.sluice.sql.statement.Statement;
import io.sluice.sql.statement.TtlStatement;
import io.sluice.sql.statement.UserStatement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Executes SQL, and is the root of what client calls use besides it: {@link #writer}, {@link
 * #queries}, {@link #schema}, {@link #databases}. Thread-safe; a call returns when its work is done
 * and decided.
 */
public final class StatementExecutor {
  private final WallClock clock;
  private final ServerVersion version;
  private final PointWriter writer;
  private final Queries queries;
  private final SchemaStatements schema;
  private final DatabaseStatements databases;
  private final TtlStatements ttls;
  private final ClusterStatements cluster;
  private final ClusterScrub scrub;
  private final PipeSinkStatements pipeSinks;
  private final PipeStatements pipes;
  private final UserStatements users;

  /**
   * What statements need of the node.
   *
   * @param received what other clusters upload here
   * @param configuration for LOAD CONFIGURATION ON LOCAL
   * @param verifier for VERIFY PIPE
   * @param scrub for SCRUB REGIONS
   */
  public record Ports(
      ClusterRegions regions,
      ConfigNodeClient configNode,
      ReceivedPipes received,
      NodeConfiguration configuration,
      PipeVerifier verifier,
      ClusterScrub scrub) {}

  /**
   * @param storage how series are stored that do not say it
   * @param version what SHOW VERSION prints
   */
  public record Options(DefaultStorage storage, ServerVersion version) {
    public static Options defaults() {
      return new Options(DefaultStorage.ofIotdb12(), ServerVersion.ofBuild());
    }
  }

  public StatementExecutor(Ports ports, Options options, WallClock clock) {
    this.clock = clock;
    this.version = options.version();
    SeriesTypes types = new SeriesTypes(ports.regions());
    this.writer = new PointWriter(ports.regions(), options.storage(), types);
    this.queries = new Queries(ports.regions());
    this.schema =
        new SchemaStatements(ports.regions(), types, new SeriesDefinitions(options.storage()));
    this.databases = new DatabaseStatements(ports.regions(), ports.configNode(), types);
    this.ttls = new TtlStatements(ports.regions(), ports.configNode());
    this.cluster =
        new ClusterStatements(ports.configNode(), ports.configuration(), options.version());
    this.scrub = ports.scrub();
    this.pipeSinks = new PipeSinkStatements(ports.configNode());
    this.pipes =
        new PipeStatements(ports.configNode(), ports.received(), ports.regions(), ports.verifier());
    this.users = new UserStatements(ports.configNode(), ports.regions());
  }

  public PointWriter writer() {
    return writer;
  }

  public Queries queries() {
    return queries;
  }

  public SchemaStatements schema() {
    return schema;
  }

  public DatabaseStatements databases() {
    return databases;
  }

  public ServerVersion version() {
    return version;
  }

  /**
   * @throws StatusException with the code and text for the client
   */
  public StatementResult execute(String sql, StatementContext context) throws StatusException {
    return execute(parse(sql, context), context);
  }

  private StatementResult execute(Statement statement, StatementContext context)
      throws StatusException {
    if (statement instanceof Insert insert) {
      for (WriteOutcome outcome : writer.writeUntyped(rows(insert))) {
        outcome.orThrow();
      }
      return new StatementResult.Done();
    }
    if (statement instanceof Select select) {
      return queries.select(select);
    }
    if (statement instanceof DeleteData delete) {
      schema.deleteData(
          delete.patterns().stream().map(PathPattern::of).toList(),
          new TimeRange(delete.times().firstMs(), delete.times().lastMs()));
      return new StatementResult.Done();
    }
    if (statement instanceof SeriesStatement series) {
      return schema.execute(series);
    }
    if (statement instanceof DatabaseStatement database) {
      return databases.execute(database);
    }
    if (statement instanceof TtlStatement ttl) {
      return ttls.execute(ttl);
    }
    if (statement instanceof PipeSinkStatement sink) {
      return pipeSinks.execute(sink);
    }
    if (statement instanceof PipeStatement pipe) {
      return pipes.execute(pipe, context.zone());
    }
    if (statement instanceof UserStatement user) {
      return users.execute(user, context.user());
    }
    if (statement instanceof ClusterStatement.Flush flush) {
      return databases.flush(flush);
    }
    if (statement instanceof ClusterStatement.Scrub wanted) {
      return ScrubRows.of(scrub.scrub(wanted.regions(), wanted.local()));
    }
    if (statement instanceof ClusterStatement.SetTimeZone set) {
      return new StatementResult.ZoneSet(set.zone());
    }
    return cluster.execute((ClusterStatement) statement, context.zone());
  }

  /**
   * Executes one after another; neighbouring INSERTs go together. A failed one does not keep others
   * back.
   *
   * @return outcomes in the order of the statements
   */
  public List<WriteOutcome> executeBatch(List<String> sqls, StatementContext context) {
    List<WriteOutcome> outcomes = new ArrayList<>();
    List<Insert> inserts = new ArrayList<>();
    for (String sql : sqls) {
      try {
        Statement statement = parse(sql, context);
        if (statement instanceof Insert insert) {
          rows(insert);
          inserts.add(insert);
          continue;
        }
        insertAll(inserts, outcomes);
        if (execute(statement, context) instanceof StatementResult.Rows rows) {
          rows.blocks().close();
          outcomes.add(
              new WriteOutcome(
                  StatusCode.UNSUPPORTED, "a batch cannot hold a query: " + sql, false));
        } else {
          outcomes.add(WriteOutcome.DONE);
        }
      } catch (StatusException e) {
        insertAll(inserts, outcomes);
        outcomes.add(WriteOutcome.refused(e));
      }
    }
    insertAll(inserts, outcomes);
    return outcomes;
  }

  private void insertAll(List<Insert> inserts, List<WriteOutcome> outcomes) {
    List<UntypedRow> rows = new ArrayList<>();
    for (Insert insert : inserts) {
      rows.addAll(unchecked(insert));
    }
    List<WriteOutcome> written = writer.writeUntyped(rows);
    int next = 0;
    for (Insert insert : inserts) {
      WriteOutcome worst = WriteOutcome.DONE;
      for (int i = 0; i < insert.rows().size(); i++) {
        WriteOutcome outcome = written.get(next++);
        worst = worst.done() ? outcome : worst;
      }
      outcomes.add(worst);
    }
    inserts.clear();
  }

  private Statement parse(String sql, StatementContext context) throws StatusException {
    if (sql == null) {
      throw new StatusException(StatusCode.SQL_PARSE_ERROR, "there is no statement");
    }
    try {
      return SqlParser.parse(sql, context.zone(), clock.nowMs());
    } catch (SqlException e) {
      throw new StatusException(e.code(), e.getMessage(), e);
    }
  }

  private static List<UntypedRow> rows(Insert insert) throws StatusException {
    Set<String> seen = new HashSet<>();
    for (String measurement : insert.measurements()) {
      if (!seen.add(measurement)) {
        throw new StatusException(
            StatusCode.SEMANTIC_ERROR, "Insertion contains duplicated measurement: " + measurement);
      }
    }
    return unchecked(insert);
  }

  private static List<UntypedRow> unchecked(Insert insert) {
    String device = String.join(".", insert.device());
    return insert.rows().stream()
        .map(
            row ->
                new UntypedRow(
                    device, insert.aligned(), row.timeMs(), insert.measurements(), row.values()))
        .toList();
  }
}
