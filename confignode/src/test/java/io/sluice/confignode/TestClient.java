package io.sluice.confignode;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.Address;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.thrift.TException;

/** Calls ConfigNodes over Thrift. */
final class TestClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InternalClients<ConfigNodeService.Client> clients =
      new InternalClients<>(new ConfigNodeService.Client.Factory(), 5_000, 60_000);
  private volatile Endpoint node;

  TestClient(Address node) {
    ask(node);
  }

  void ask(Address other) {
    node = new Endpoint(other.host(), other.port());
  }

  <T> T call(InternalClients.Call<ConfigNodeService.Client, T> call) throws TException {
    return clients.callFresh(node, call);
  }

  /**
   * As a DataNode asks: whoever {@code leader} says, and again when that one leads no more, which
   * on a busy machine it may at any time.
   */
  Status atLeader(
      Supplier<Address> leader, InternalClients.Call<ConfigNodeService.Client, Status> call)
      throws TException {
    long startNs = System.nanoTime();
    Status answer;
    do {
      ask(leader.get());
      answer = call(call);
    } while (answer.getCode() == StatusCode.NOT_LEADER
        && System.nanoTime() - startNs < PATIENCE.toNanos());
    return answer;
  }

  RegisterDataNodeResp register(FakeDataNode dataNode, String cluster) throws TException {
    RegisterDataNodeResp answer =
        call(
            c ->
                c.registerDataNode(
                    new RegisterDataNodeReq(cluster, dataNode.location())
                        .setProcessId(dataNode.processId)));
    if (answer.getStatus().getCode() == 200) {
      dataNode.id = answer.getNodeId();
    }
    return answer;
  }

  Status createSink(String name) throws TException {
    return call(c -> c.createPipeSink(sink(name)));
  }

  /**
   * By whoever leads. One that was deposed meanwhile may not know the outcome: it is asked for
   * again, and a sink that is there by then was made.
   */
  Status createSink(String name, Supplier<Address> leader) throws TException {
    Status answer = atLeader(leader, c -> c.createPipeSink(sink(name)));
    if (answer.getCode() != StatusCode.INTERNAL_ERROR) {
      return answer;
    }
    Status again = atLeader(leader, c -> c.createPipeSink(sink(name)));
    return again.getCode() == StatusCode.PIPESINK_ERROR
        ? atLeader(leader, c -> c.getPipeSinks(name).getStatus())
        : again;
  }

  private static CreatePipeSinkReq sink(String name) {
    return new CreatePipeSinkReq(name, "IoTDB", "127.0.0.1", 6668);
  }

  Status createPipe(String name, String sink) throws TException {
    return call(c -> c.createPipe(new CreatePipeReq(name, sink, 0, false)));
  }

  @Override
  public void close() {
    clients.close();
  }
}
