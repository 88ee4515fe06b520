package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.TtlStatement;
import java.util.Comparator;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/** For how long points of databases are to be seen: setting, unsetting, listing. Thread-safe. */
final class TtlStatements {
  /** What a ConfigNode is told for UNSET TTL. */
  private static final long NO_TTL = 0;

  private final ClusterRegions regions;
  private final ConfigNodeClient configNode;

  TtlStatements(ClusterRegions regions, ConfigNodeClient configNode) {
    this.regions = regions;
    this.configNode = configNode;
  }

  StatementResult execute(TtlStatement statement) throws StatusException {
    if (statement instanceof TtlStatement.Set set) {
      return change(set.pattern(), set.ttlMs());
    }
    if (statement instanceof TtlStatement.Unset unset) {
      return change(unset.pattern(), NO_TTL);
    }
    return show(((TtlStatement.Show) statement).patterns().stream().map(PathPattern::of).toList());
  }

  /** Answers when this node knows too; the others hear of it with their next heartbeat. */
  private StatementResult change(List<String> pattern, long ttlMs) throws StatusException {
    String databases = String.join(".", pattern);
    ConfigNodeAnswer.check(configNode.call(leader -> leader.setTtl(databases, ttlMs)));
    regions.refresh();
    return new StatementResult.Done();
  }

  private StatementResult show(List<PathPattern> patterns) {
    ResultTable table = new ResultTable().text("Database").columns(TSDataType.INT64, "TTL");
    regions.catalog().getDatabases().stream()
        .filter(info -> patterns.stream().anyMatch(pattern -> pattern.matches(info.getName())))
        .sorted(Comparator.comparing(DatabaseInfo::getName))
        .forEach(info -> table.row(info.getName(), info.isSetTtlMs() ? info.getTtlMs() : null));
    return table.result();
  }
}
