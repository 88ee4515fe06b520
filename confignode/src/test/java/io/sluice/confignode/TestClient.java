package io.sluice.confignode;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.RegisterDataNodeReq;
import io.sluice.common.rpc.RegisterDataNodeResp;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.Address;
import org.apache.thrift.TException;

/** Calls ConfigNodes over Thrift. */
final class TestClient implements AutoCloseable {
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
    return call(c -> c.createPipeSink(new CreatePipeSinkReq(name, "IoTDB", "127.0.0.1", 6668)));
  }

  Status createPipe(String name, String sink) throws TException {
    return call(c -> c.createPipe(new CreatePipeReq(name, sink, 0, false)));
  }

  @Override
  public void close() {
    clients.close();
  }
}
