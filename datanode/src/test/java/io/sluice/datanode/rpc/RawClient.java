package io.sluice.datanode.rpc;

import java.util.Map;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.iotdb.service.rpc.thrift.TSProtocolVersion;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.layered.TFramedTransport;

/** The published stubs on a socket, without a client library around them. */
final class RawClient implements AutoCloseable {
  private static final int FRAME_BYTES_MAX = 64 << 20;

  final IClientRPCService.Client calls;
  private final TTransport transport;
  long sessionId;
  long statementId;

  RawClient(int port) throws Exception {
    this(port, false);
  }

  RawClient(int port, boolean compact) throws Exception {
    TConfiguration limits =
        TConfiguration.custom()
            .setMaxFrameSize(FRAME_BYTES_MAX)
            .setMaxMessageSize(FRAME_BYTES_MAX)
            .build();
    transport =
        new TFramedTransport(new TSocket(limits, "127.0.0.1", port, 20_000), FRAME_BYTES_MAX);
    transport.open();
    calls =
        new IClientRPCService.Client(
            compact ? new TCompactProtocol(transport) : new TBinaryProtocol(transport));
  }

  TSOpenSessionResp open(String user, String password, Map<String, String> configuration)
      throws TException {
    TSOpenSessionReq request =
        new TSOpenSessionReq(TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3, "UTC", user);
    request.setPassword(password);
    request.setConfiguration(configuration);
    TSOpenSessionResp answer = calls.openSession(request);
    sessionId = answer.getSessionId();
    return answer;
  }

  /** As a client of 2.x. */
  RawClient loggedIn() throws TException {
    open("root", "root", Map.of("version", "V_1_0", "sql_dialect", "tree"));
    statementId = calls.requestStatementId(sessionId);
    return this;
  }

  TSExecuteStatementResp execute(String sql, int fetchSize) throws TException {
    TSExecuteStatementReq request = new TSExecuteStatementReq(sessionId, sql, statementId);
    request.setFetchSize(fetchSize);
    return calls.executeStatementV2(request);
  }

  @Override
  public void close() {
    transport.close();
  }
}
