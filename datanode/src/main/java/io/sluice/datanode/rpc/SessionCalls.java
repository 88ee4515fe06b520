package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.ServerProperties;
import org.apache.iotdb.service.rpc.thrift.TSGetTimeZoneResp;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.iotdb.service.rpc.thrift.TSProtocolVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logging in and out, and what a session is told about the server. */
final class SessionCalls {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCalls.class);
  private static final int UNSUPPORTED_DIALECT = 205;
  private static final int NO_SUCH_ZONE_AT_LOGIN = 702;
  private static final int NO_SUCH_ZONE = 703;
  private static final String DIALECT = "sql_dialect";
  private static final String PRECISION = "ms";

  private final ClientCalls calls;
  private final ClientSession session;
  private final ClientConnection connection;

  SessionCalls(ClientCalls calls, ClientSession session, ClientConnection connection) {
    this.calls = calls;
    this.session = session;
    this.connection = connection;
  }

  /** Clients of 2.x name their SQL dialect, those of 1.x do not know there is a choice. */
  TSOpenSessionResp open(TSOpenSessionReq request) throws StatusException {
    session.close();
    if (request.client_protocol != TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3) {
      throw new StatusException(
          StatusCode.INCOMPATIBLE_VERSION,
          "the client speaks protocol %s, this server %s"
              .formatted(request.client_protocol, TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3));
    }
    try {
      calls.credentials().login(request.username, request.password, connection.address());
    } catch (StatusException e) {
      LOG.warn(
          "Login of '{}' from {} refused: {}",
          shown(request.username),
          connection.address(),
          e.getMessage());
      throw e;
    }
    Map<String, String> wishes = request.configuration == null ? Map.of() : request.configuration;
    String dialect = wishes.get(DIALECT);
    if (dialect != null && !dialect.equalsIgnoreCase("tree")) {
      throw new StatusException(
          UNSUPPORTED_DIALECT, "sql_dialect=" + dialect + " is not supported, only tree is");
    }
    session.open(request.username, zone(request.zoneId, NO_SUCH_ZONE_AT_LOGIN), dialect != null);
    TSOpenSessionResp answer = opened(Answers.success());
    answer.setSessionId(session.id());
    answer.setConfiguration(Map.of("timestamp_precision", PRECISION));
    return answer;
  }

  /** What a stranger sends stands in the log: short, and in one line. */
  private static String shown(String name) {
    if (name == null) {
      return "";
    }
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 64 ? line : line.substring(0, 64) + "...";
  }

  static TSOpenSessionResp opened(TSStatus status) {
    return new TSOpenSessionResp(status, TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3);
  }

  TSStatus close() {
    session.close();
    return Answers.success();
  }

  TSStatus setZone(String zoneId) throws StatusException {
    session.zone(zone(zoneId, NO_SUCH_ZONE));
    return Answers.success();
  }

  TSGetTimeZoneResp zone() {
    return new TSGetTimeZoneResp(Answers.success(), session.zone().getId());
  }

  private static ZoneId zone(String zoneId, int refusal) throws StatusException {
    try {
      return ZoneId.of(zoneId);
    } catch (DateTimeException e) {
      throw new StatusException(refusal, zoneId + " is not a time zone", e);
    }
  }

  ServerProperties properties() {
    ServerProperties properties =
        new ServerProperties(
            calls.statements().version().version(), List.of("count"), PRECISION, 0);
    properties.setBuildInfo(calls.statements().version().build());
    properties.setLogo("");
    return properties;
  }
}
