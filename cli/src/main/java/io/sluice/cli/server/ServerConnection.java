package io.sluice.cli.server;

import io.sluice.cli.value.TimePrecision;
import java.net.UnknownHostException;
import java.time.ZoneId;
import java.util.Map;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.rpc.DeepCopyRpcTransportFactory;
import org.apache.iotdb.rpc.IoTDBRpcDataSet;
import org.apache.iotdb.rpc.RpcUtils;
import org.apache.iotdb.rpc.TConfigurationConst;
import org.apache.iotdb.rpc.TSStatusCode;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TSCloseSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.iotdb.service.rpc.thrift.TSProtocolVersion;
import org.apache.iotdb.service.rpc.thrift.TSSetTimeZoneReq;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with a server. It speaks the call that takes any statement and lets the server say
 * whether rows come back, which the library's own session has no method for. Confined to one
 * thread.
 */
public final class ServerConnection implements AutoCloseable {
  /** Rows that one fetch asks for. */
  public static final int FETCH_ROWS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

  /** No limit: a statement may take as long as it takes. */
  private static final int NO_TIMEOUT_MS = 0;

  private final ServerAddress address;
  private final TTransport transport;
  private final IClientRPCService.Iface client;
  private final long sessionId;
  private final long statementId;
  private final TimePrecision precision;

  private ServerConnection(
      ServerAddress address, TTransport transport, IClientRPCService.Iface client, Greeting done) {
    this.address = address;
    this.transport = transport;
    this.client = client;
    this.sessionId = done.sessionId;
    this.statementId = done.statementId;
    this.precision = done.precision;
  }

  private record Greeting(long sessionId, long statementId, TimePrecision precision) {}

  /**
   * Connects and logs in.
   *
   * @throws RefusedException if the server does not let this user in
   * @throws UnreachableException if there is no such server
   */
  public static ServerConnection open(ServerAddress address)
      throws RefusedException, UnreachableException {
    TTransport transport = null;
    try {
      TSocket socket =
          new TSocket(
              TConfigurationConst.defaultTConfiguration,
              address.host(),
              address.port(),
              address.connectTimeoutMs(),
              address.connectTimeoutMs());
      transport = DeepCopyRpcTransportFactory.INSTANCE.getTransport(socket);
      transport.open();
      IClientRPCService.Iface client = new IClientRPCService.Client(new TBinaryProtocol(transport));
      Greeting done = greet(client, address);
      socket.setTimeout(NO_TIMEOUT_MS);
      return new ServerConnection(address, transport, client, done);
    } catch (TException | IllegalArgumentException e) {
      closeQuietly(transport);
      throw new UnreachableException("no connection to " + address + ": " + reason(e), e);
    } catch (RefusedException e) {
      closeQuietly(transport);
      throw e;
    }
  }

  private static Greeting greet(IClientRPCService.Iface client, ServerAddress address)
      throws TException, RefusedException {
    TSOpenSessionReq hello =
        new TSOpenSessionReq(
            TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3, address.zone().getId(), address.user());
    hello.setPassword(address.password());
    hello.putToConfiguration("version", "V_1_0");
    hello.putToConfiguration("sql_dialect", "tree");
    TSOpenSessionResp welcome = client.openSession(hello);
    requireSuccess(welcome.getStatus());
    Map<String, String> configuration =
        welcome.isSetConfiguration() ? welcome.getConfiguration() : Map.of();
    TimePrecision precision = TimePrecision.ofWord(configuration.get("timestamp_precision"));
    long statementId = client.requestStatementId(welcome.getSessionId());
    return new Greeting(welcome.getSessionId(), statementId, precision);
  }

  /** The unit of this server's time stamps. */
  public TimePrecision precision() {
    return precision;
  }

  /**
   * Executes one statement.
   *
   * @param zone for the library's own rendering of times
   * @throws RefusedException if the server says no
   * @throws UnreachableException if the connection broke; whether the statement took effect is then
   *     unknown, and it is not repeated
   */
  public Answer execute(String statement, ZoneId zone)
      throws RefusedException, UnreachableException {
    try {
      TSExecuteStatementReq request =
          new TSExecuteStatementReq(sessionId, statement, statementId).setFetchSize(FETCH_ROWS);
      TSExecuteStatementResp response = client.executeStatementV2(request);
      requireSuccess(response.getStatus());
      return response.isSetColumns() ? rows(statement, response, zone) : new Answer.Done();
    } catch (TException e) {
      throw new UnreachableException("the connection to " + address + " broke: " + reason(e), e);
    }
  }

  private Answer.Rows rows(String statement, TSExecuteStatementResp response, ZoneId zone) {
    return new Answer.Rows(
        new ResultRows(
            new IoTDBRpcDataSet(
                statement,
                response.getColumns(),
                response.getDataTypeList(),
                response.getColumnNameIndexMap(),
                response.isIgnoreTimeStamp(),
                response.isMoreData(),
                response.getQueryId(),
                statementId,
                client,
                sessionId,
                response.getQueryResult(),
                FETCH_ROWS,
                NO_TIMEOUT_MS,
                zone,
                RpcUtils.DEFAULT_TIME_FORMAT,
                (int) precision.perSecond(),
                response.isTableModel(),
                response.getColumnIndex2TsBlockColumnIndexList())));
  }

  /** Tells the server in which zone to read dates without one. */
  public void setZone(ZoneId zone) throws RefusedException, UnreachableException {
    try {
      requireSuccess(client.setTimeZone(new TSSetTimeZoneReq(sessionId, zone.getId())));
    } catch (TException e) {
      throw new UnreachableException("the connection to " + address + " broke: " + reason(e), e);
    }
  }

  /** Ends the session; a server that is gone already is no trouble. */
  @Override
  public void close() {
    try {
      if (transport.isOpen()) {
        client.closeSession(new TSCloseSessionReq(sessionId));
      }
    } catch (TException e) {
      LOG.debug("the server did not hear the end of the session", e);
    } finally {
      transport.close();
    }
  }

  private static void requireSuccess(TSStatus status) throws RefusedException {
    int code = status.getCode();
    if (code == TSStatusCode.SUCCESS_STATUS.getStatusCode()
        || code == TSStatusCode.REDIRECTION_RECOMMEND.getStatusCode()) {
      return;
    }
    String text = status.isSetMessage() ? status.getMessage() : "no reason given";
    throw new RefusedException(code, code + ": " + text);
  }

  private static void closeQuietly(TTransport transport) {
    if (transport != null) {
      transport.close();
    }
  }

  /** The innermost cause's own words: the library wraps them several times. */
  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof UnknownHostException) {
      return "unknown host";
    }
    String text = cause.getMessage();
    return text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
  }
}
