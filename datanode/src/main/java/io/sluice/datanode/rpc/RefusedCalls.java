package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.common.rpc.thrift.TShowConfigurationResp;
import org.apache.iotdb.common.rpc.thrift.TShowConfigurationTemplateResp;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TCreateTimeseriesUsingSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TPipeSubscribeReq;
import org.apache.iotdb.service.rpc.thrift.TPipeSubscribeResp;
import org.apache.iotdb.service.rpc.thrift.TPipeTransferReq;
import org.apache.iotdb.service.rpc.thrift.TPipeTransferResp;
import org.apache.iotdb.service.rpc.thrift.TSAppendSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSBackupConfigurationResp;
import org.apache.iotdb.service.rpc.thrift.TSConnectionInfoResp;
import org.apache.iotdb.service.rpc.thrift.TSCreateSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSDropSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSGroupByQueryIntervalReq;
import org.apache.iotdb.service.rpc.thrift.TSPruneSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSQueryTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSQueryTemplateResp;
import org.apache.iotdb.service.rpc.thrift.TSSetSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSUnsetSchemaTemplateReq;
import org.apache.iotdb.service.rpc.thrift.TSyncIdentityInfo;
import org.apache.iotdb.service.rpc.thrift.TSyncTransportMetaInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of the protocol that nothing stands behind, each refused in the way its caller understands:
 * 300 with a text; and IoTDB's own pipes, whose senders drop data on some answers, by the answers
 * on which they keep it.
 */
abstract class RefusedCalls implements IClientRPCService.Iface {
  private static final int PIPE_VERSION_ERROR = 1800;
  private static final int PIPE_TYPE_ERROR = 1801;
  private static final int PIPE_HANDSHAKE_ERROR = 1802;
  private static final int PIPE_VERSION = 1;
  private static final String FOREIGN_PIPE =
      "pipes of IoTDB are not received here, only those of a Sluice cluster";

  /** Where an operator looks for what happens to senders. */
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final ClientConnection connection;
  private boolean foreignTold;

  RefusedCalls(ClientConnection connection) {
    this.connection = connection;
  }

  private static TSStatus unsupported(String what) {
    return Answers.of(StatusCode.UNSUPPORTED, what + " are not supported");
  }

  private static TSStatus templates() {
    return unsupported("schema templates");
  }

  @Override
  public TSStatus createSchemaTemplate(TSCreateSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSStatus appendSchemaTemplate(TSAppendSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSStatus pruneSchemaTemplate(TSPruneSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSQueryTemplateResp querySchemaTemplate(TSQueryTemplateReq req) {
    return new TSQueryTemplateResp(templates(), req.queryType);
  }

  @Override
  public TSStatus setSchemaTemplate(TSSetSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSStatus unsetSchemaTemplate(TSUnsetSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSStatus dropSchemaTemplate(TSDropSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TSStatus createTimeseriesUsingSchemaTemplate(TCreateTimeseriesUsingSchemaTemplateReq req) {
    return templates();
  }

  @Override
  public TShowConfigurationTemplateResp showConfigurationTemplate() {
    return new TShowConfigurationTemplateResp(unsupported("configuration listings"), "");
  }

  @Override
  public TShowConfigurationResp showConfiguration(int nodeId) {
    return new TShowConfigurationResp(unsupported("configuration listings"), "");
  }

  @Override
  public TSExecuteStatementResp executeGroupByQueryIntervalQuery(TSGroupByQueryIntervalReq req) {
    return new TSExecuteStatementResp(unsupported("queries grouped by interval"));
  }

  @Override
  public TSBackupConfigurationResp getBackupConfiguration() {
    TSBackupConfigurationResp answer = new TSBackupConfigurationResp(Answers.success());
    answer.setEnableOperationSync(false);
    return answer;
  }

  @Override
  public TSConnectionInfoResp fetchAllConnectionsInfo() {
    return new TSConnectionInfoResp(List.of());
  }

  @Override
  public TPipeSubscribeResp pipeSubscribe(TPipeSubscribeReq req) {
    return new TPipeSubscribeResp(unsupported("subscriptions"), req.version, req.type);
  }

  /** A sender of 1.0 or 1.1 gives up on 1108 before it has sent anything. */
  @Override
  public TSStatus handshake(TSyncIdentityInfo info) {
    if (!foreignTold) {
      foreignTold = true;
      LOG.warn("refused {}: {}", connection.address(), FOREIGN_PIPE);
    }
    return Answers.of(StatusCode.PIPESERVER_ERROR, FOREIGN_PIPE);
  }

  /** Any status would count as success or as data to skip; a broken connection as neither. */
  @Override
  public TSStatus sendFile(TSyncTransportMetaInfo metaInfo, ByteBuffer bytes) {
    connection.drop(FOREIGN_PIPE);
    return Answers.of(StatusCode.PIPESERVER_ERROR, FOREIGN_PIPE);
  }

  /** See {@link #sendFile}. */
  @Override
  public TSStatus sendPipeData(ByteBuffer bytes) {
    connection.drop(FOREIGN_PIPE);
    return Answers.of(StatusCode.PIPESERVER_ERROR, FOREIGN_PIPE);
  }

  /**
   * Both generations of handshakes get 1802: after 1801 a sender would try the older one. What
   * comes without a handshake is of no type we take.
   */
  @Override
  public TPipeTransferResp pipeTransfer(TPipeTransferReq req) {
    int code;
    if (req.version != PIPE_VERSION) {
      code = PIPE_VERSION_ERROR;
    } else {
      boolean handshake = req.type == 0 || req.type == 1 || req.type == 50 || req.type == 51;
      code = handshake ? PIPE_HANDSHAKE_ERROR : PIPE_TYPE_ERROR;
    }
    return new TPipeTransferResp(Answers.of(code, FOREIGN_PIPE));
  }
}
