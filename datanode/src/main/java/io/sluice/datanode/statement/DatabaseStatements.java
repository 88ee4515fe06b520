package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.sql.statement.Attribute;
import io.sluice.sql.statement.ClusterStatement;
import io.sluice.sql.statement.DatabaseStatement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.tsfile.enums.TSDataType;

/** Databases: creating, removing, listing, flushing. Thread-safe. */
public final class DatabaseStatements {
  /** Shown where IoTDB shows its default; files here know their own time range instead. */
  private static final long TIME_PARTITION_INTERVAL_MS = 604_800_000L;

  private final ClusterRegions regions;
  private final ConfigNodeClient configNode;
  private final SeriesTypes types;

  DatabaseStatements(ClusterRegions regions, ConfigNodeClient configNode, SeriesTypes types) {
    this.regions = regions;
    this.configNode = configNode;
    this.types = types;
  }

  StatementResult execute(DatabaseStatement statement) throws StatusException {
    if (statement instanceof DatabaseStatement.Create create) {
      return new StatementResult.Done(create(create.path(), create.attributes()));
    }
    if (statement instanceof DatabaseStatement.Drop drop) {
      delete(drop.patterns().stream().map(PathPattern::of).toList());
      return new StatementResult.Done();
    }
    if (statement instanceof DatabaseStatement.Show show) {
      return show(PathPattern.of(show.pattern()));
    }
    int count = matching(PathPattern.of(((DatabaseStatement.Count) statement).pattern())).size();
    return new ResultTable().columns(TSDataType.INT32, "count").row(count).result();
  }

  /** A warning, or nothing. */
  private String create(List<String> path, List<Attribute> attributes) throws StatusException {
    CreateDatabaseReq request = new CreateDatabaseReq(String.join(".", path), false);
    for (Attribute attribute : attributes) {
      switch (attribute.name().toUpperCase(Locale.ROOT)) {
        case "SCHEMA_REPLICATION_FACTOR" -> {
          // A region holds its schema beside its data: what is said of the data counts.
          if (!request.isSetDataReplicationFactor()) {
            request.setDataReplicationFactor(positive(attribute));
          }
        }
        case "DATA_REPLICATION_FACTOR" -> request.setDataReplicationFactor(positive(attribute));
        case "TIME_PARTITION_INTERVAL" -> positive(attribute);
        default ->
            throw new StatusException(
                StatusCode.UNSUPPORTED, "Unsupported database attribute: " + attribute.name());
      }
    }
    return create(request);
  }

  private static int positive(Attribute attribute) throws StatusException {
    try {
      int value = Integer.parseInt(attribute.value());
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw notPositive(attribute, e);
    }
    throw notPositive(attribute, null);
  }

  private static StatusException notPositive(Attribute attribute, Exception cause) {
    return new StatusException(
        StatusCode.SEMANTIC_ERROR,
        attribute.name() + "=" + attribute.value() + " is not a whole number above 0",
        cause);
  }

  /** As client calls ask for it. */
  public void create(String path) throws StatusException {
    create(new CreateDatabaseReq(LegalPath.of(path), false));
  }

  private String create(CreateDatabaseReq request) throws StatusException {
    Status status = configNode.call(node -> node.createDatabase(request));
    ConfigNodeAnswer.check(status);
    regions.refresh();
    return status.getMessage();
  }

  /**
   * Removes the matching databases with all they hold.
   *
   * @throws StatusException 508 when a pattern matches none; nothing is removed then
   */
  public void delete(List<PathPattern> patterns) throws StatusException {
    regions.refresh();
    List<String> names = new ArrayList<>();
    for (PathPattern pattern : patterns) {
      List<DatabaseInfo> matching = matching(pattern);
      if (matching.isEmpty()) {
        throw new StatusException(
            StatusCode.PATH_NOT_EXIST, "Path [%s] does not exist".formatted(pattern));
      }
      matching.stream()
          .map(DatabaseInfo::getName)
          .filter(n -> !names.contains(n))
          .forEach(names::add);
    }
    try {
      ConfigNodeAnswer.check(configNode.call(node -> node.deleteDatabases(names)));
    } finally {
      types.forgetAll();
      regions.refresh();
    }
  }

  private List<DatabaseInfo> matching(PathPattern pattern) {
    return regions.catalog().getDatabases().stream()
        .filter(database -> pattern.matches(database.getName()))
        .sorted(Comparator.comparing(DatabaseInfo::getName))
        .toList();
  }

  private StatementResult show(PathPattern pattern) {
    ResultTable table =
        new ResultTable()
            .text("Database")
            .columns(TSDataType.INT64, "TTL")
            .columns(TSDataType.INT32, "SchemaReplicationFactor", "DataReplicationFactor")
            .columns(TSDataType.INT64, "TimePartitionInterval");
    for (DatabaseInfo database : matching(pattern)) {
      table.row(
          database.getName(),
          database.isSetTtlMs() ? database.getTtlMs() : null,
          database.getDataReplicationFactor(),
          database.getDataReplicationFactor(),
          TIME_PARTITION_INTERVAL_MS);
    }
    return table.result();
  }

  /** Answers when all that was written before is in durable files. */
  StatementResult flush(ClusterStatement.Flush flush) throws StatusException {
    List<String> names = flush.databases().stream().map(path -> String.join(".", path)).toList();
    if (names.isEmpty()) {
      names = regions.catalog().getDatabases().stream().map(DatabaseInfo::getName).toList();
    } else {
      for (String name : names) {
        checkExists(name);
      }
    }
    List<CompletableFuture<WriteOutcome>> pending = new ArrayList<>();
    for (String name : names) {
      for (RegionAccess region : regions.regions(name)) {
        pending.add(region.flush().thenApply(WriteOutcome::of));
      }
    }
    for (WriteOutcome outcome : pending.stream().map(CompletableFuture::join).toList()) {
      outcome.orThrow();
    }
    return new StatementResult.Done();
  }

  private void checkExists(String name) throws StatusException {
    if (!known(name)) {
      regions.refresh();
      if (!known(name)) {
        throw new StatusException(
            StatusCode.DATABASE_NOT_EXIST, "storageGroup " + name + " does not exist");
      }
    }
  }

  private boolean known(String name) {
    return regions.catalog().getDatabases().stream().anyMatch(db -> db.getName().equals(name));
  }
}
