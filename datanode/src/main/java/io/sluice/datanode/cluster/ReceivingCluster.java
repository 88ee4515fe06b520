package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.rpc.ReceivedPipesResp;
import io.sluice.common.status.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the whole cluster receives: every DataNode's rows, merged, for SHOW PIPES. Thread-safe. */
public final class ReceivingCluster {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivingCluster.class);

  /** For one node's answer: SHOW PIPES does not wait long for a node that hangs. */
  private static final long ANSWER_MS_MAX = 3_000;

  private final int selfId;
  private final CatalogCache catalog;
  private final LocalRegions localRegions;
  private final RegionRoutes routes;
  private final Predicate<String> refused;

  /**
   * @param refused which addresses of senders are not let in here
   */
  public ReceivingCluster(
      int selfId,
      CatalogCache catalog,
      LocalRegions localRegions,
      RegionRoutes routes,
      Predicate<String> refused) {
    this.refused = refused;
    this.selfId = selfId;
    this.catalog = catalog;
    this.localRegions = localRegions;
    this.routes = routes;
  }

  /**
   * One row per pipe, sender address and database, by creation time. DataNodes that do not answer
   * are left out and logged.
   */
  public List<ReceivedPipe> pipes() {
    List<CompletableFuture<List<ReceivedPipe>>> answers = new ArrayList<>();
    for (DataNodeLocation node : catalog.catalog().getDataNodes()) {
      if (node.getId() != selfId) {
        answers.add(later(node));
      }
    }
    List<ReceivedPipe> rows = new ArrayList<>(InternalService.receivedHere(localRegions, refused));
    answers.forEach(answer -> rows.addAll(answer.join()));
    return ReceivedPipes.merge(rows);
  }

  private CompletableFuture<List<ReceivedPipe>> later(DataNodeLocation node) {
    try {
      return CompletableFuture.supplyAsync(() -> ask(node), routes.executor());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(ask(node));
    }
  }

  private List<ReceivedPipe> ask(DataNodeLocation node) {
    try {
      ReceivedPipesResp answer =
          routes
              .clients()
              .callIdempotent(
                  node.getInternal(),
                  waitedMs -> waitedMs >= ANSWER_MS_MAX,
                  client -> client.receivedPipes());
      if (answer.getStatus().getCode() == StatusCode.SUCCESS) {
        return answer.getPipes();
      }
      LOG.warn(
          "SHOW PIPES without what DataNode {} receives: {}",
          node.getId(),
          answer.getStatus().getMessage());
    } catch (TException e) {
      LOG.warn(
          "SHOW PIPES without what DataNode {} receives: {}",
          node.getId(),
          RemoteFailure.unreachableText(node, e));
    }
    return List.of();
  }
}
