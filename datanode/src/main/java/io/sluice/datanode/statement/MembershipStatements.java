package io.sluice.datanode.statement;

import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.ClusterStatement;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TException;

/**
 * Replicas that move and nodes that leave. Answered once the ConfigNode has checked and recorded
 * it; SHOW REGIONS and SHOW CLUSTER tell how far it is. Thread-safe.
 */
final class MembershipStatements {
  private final ConfigNodeClient configNode;

  MembershipStatements(ConfigNodeClient configNode) {
    this.configNode = configNode;
  }

  /** One call to the leading ConfigNode. */
  @FunctionalInterface
  private interface Call {
    Status make(ConfigNodeService.Iface node, int number) throws TException;
  }

  static boolean handles(ClusterStatement statement) {
    return statement instanceof ClusterStatement.ExtendRegions
        || statement instanceof ClusterStatement.RemoveRegions
        || statement instanceof ClusterStatement.MigrateRegions
        || statement instanceof ClusterStatement.RemoveDataNodes
        || statement instanceof ClusterStatement.RemoveConfigNode;
  }

  StatementResult execute(ClusterStatement statement) throws StatusException {
    if (statement instanceof ClusterStatement.ExtendRegions extend) {
      return each(extend.regions(), (node, region) -> node.extendRegion(region, extend.to()));
    } else if (statement instanceof ClusterStatement.RemoveRegions remove) {
      return each(
          remove.regions(), (node, region) -> node.removeRegionReplica(region, remove.from()));
    } else if (statement instanceof ClusterStatement.MigrateRegions migrate) {
      return each(
          migrate.regions(),
          (node, region) -> node.migrateRegion(region, migrate.from(), migrate.to()));
    } else if (statement instanceof ClusterStatement.RemoveDataNodes remove) {
      return each(remove.nodes(), (node, id) -> node.removeDataNode(id));
    }
    int id = ((ClusterStatement.RemoveConfigNode) statement).node();
    return each(List.of(id), (node, number) -> node.removeConfigNode(number));
  }

  /**
   * One after another; a refused one does not keep the others back.
   *
   * @throws StatusException the refusals, and which were begun
   */
  private StatementResult each(List<Integer> numbers, Call call) throws StatusException {
    List<Integer> begun = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    int code = StatusCode.SUCCESS;
    String note = "";
    for (int number : numbers) {
      Status status = configNode.call(node -> call.make(node, number));
      if (status.getCode() == StatusCode.SUCCESS) {
        begun.add(number);
        note = status.getMessage();
      } else {
        code = code == StatusCode.SUCCESS ? status.getCode() : code;
        refusals.add(status.getMessage());
      }
    }
    if (refusals.isEmpty()) {
      return new StatementResult.Done(note);
    }
    String text = String.join("; ", refusals);
    throw new StatusException(code, begun.isEmpty() ? text : text + "; begun: " + begun);
  }
}
