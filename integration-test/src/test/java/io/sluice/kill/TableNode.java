package io.sluice.kill;

import io.sluice.common.net.InternalServer;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.Status;
import io.sluice.datanode.pipe.PipeWords;
import io.sluice.datanode.pipe.core.KnownPipe;
import io.sluice.datanode.pipe.core.KnownPipes;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The production pipe table behind a real Thrift service, and no senders. */
final class TableNode implements AutoCloseable {
  private static final Status OK = new Status(200, "");

  volatile int id = -1;

  /** Whether operations on pipes are refused. */
  volatile boolean refuses;

  private final InternalServer server;
  private KnownPipes<PipeInfo> known = KnownPipes.none();

  TableNode() throws IOException {
    DataNodeService.Iface service =
        (DataNodeService.Iface)
            Proxy.newProxyInstance(
                DataNodeService.Iface.class.getClassLoader(),
                new Class<?>[] {DataNodeService.Iface.class},
                (InvocationHandler)
                    (proxy, method, arguments) -> answer(method.getName(), arguments));
    server =
        new InternalServer("table-node", "127.0.0.1", 0, new DataNodeService.Processor<>(service));
    server.start();
  }

  DataNodeLocation location() {
    Endpoint here = new Endpoint("127.0.0.1", server.port());
    return new DataNodeLocation(id, here, here, here);
  }

  private synchronized Object answer(String method, Object[] arguments) {
    switch (method) {
      case "heartbeat":
        return new HeartbeatResp(OK, id, known.version(), List.of(), List.of(), false);
      case "operatePipe":
        if (refuses) {
          return new Status(1107, "No");
        }
        PipeOperationReq request = (PipeOperationReq) arguments[0];
        known
            .operate(PipeWords.wanted(request.getOperation(), request.getPipe()))
            .ifPresent(taken -> known = taken.table());
        return OK;
      case "replacePipeTable":
        PipeTable table = (PipeTable) arguments[0];
        known
            .replace(table.getVersion(), PipeWords.known(table))
            .ifPresent(taken -> known = taken.table());
        return OK;
      default:
        throw new IllegalStateException(method);
    }
  }

  synchronized long version() {
    return known.version();
  }

  /** What is to be done with each pipe, by name. */
  synchronized Map<String, KnownPipe.State> pipes() {
    Map<String, KnownPipe.State> pipes = new TreeMap<>();
    known.pipes().values().forEach(pipe -> pipes.put(pipe.what().getName(), pipe.state()));
    return pipes;
  }

  @Override
  public void close() {
    server.close();
  }
}
