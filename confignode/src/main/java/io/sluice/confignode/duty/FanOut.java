package io.sluice.confignode.duty;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.DataNodeMember;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.thrift.TException;

/** The same call to several DataNodes in parallel. */
final class FanOut {
  private final DataNodeCalls calls;
  private final Executor executor;

  FanOut(DataNodeCalls calls, Executor executor) {
    this.calls = calls;
    this.executor = executor;
  }

  /** Waits for every node, each bounded by the call's time-out; failures in the order of nodes. */
  List<CallFailure> call(
      Collection<DataNodeMember> nodes, InternalClients.Call<DataNodeService.Client, Status> call) {
    List<CompletableFuture<Optional<CallFailure>>> asked =
        nodes.stream()
            .map(node -> CompletableFuture.supplyAsync(() -> ask(node, call), executor))
            .toList();
    return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
  }

  private Optional<CallFailure> ask(
      DataNodeMember node, InternalClients.Call<DataNodeService.Client, Status> call) {
    try {
      return CallFailure.of(node, calls.operate(node, call));
    } catch (TException e) {
      return Optional.of(CallFailure.of(node, e));
    }
  }

  /** As it stands in a statement's message: each cause with its node, joined by commas. */
  static String text(List<CallFailure> failures) {
    return failures.stream().map(CallFailure::text).collect(Collectors.joining(", "));
  }
}
