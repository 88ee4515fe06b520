package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.ScanResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.read.RowBlocks;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.thrift.TException;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scan that runs on another node; while one block is used the next is on its way. */
final class RemoteRows implements RowBlocks {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteRows.class);

  private final DataNodeLocation node;
  private final InternalClients<DataNodeService.Client> clients;
  private final Executor executor;
  private final TsBlockSerde serde = new TsBlockSerde();

  /** The scan's id there; null when the other node has closed it. */
  private Long scanId;

  /** The answer that holds the next block; null before it is asked for and after the end. */
  private CompletableFuture<ScanResp> ahead;

  /**
   * @param first the answer to openScan
   */
  RemoteRows(
      DataNodeLocation node,
      InternalClients<DataNodeService.Client> clients,
      Executor executor,
      ScanResp first) {
    this.node = node;
    this.clients = clients;
    this.executor = executor;
    this.scanId = first.isSetScanId() ? first.getScanId() : null;
    this.ahead = CompletableFuture.completedFuture(first);
  }

  @Override
  public TsBlock next() throws StatusException {
    if (ahead == null) {
      return null;
    }
    ScanResp answer = received();
    ahead = null;
    if (answer.getStatus().getCode() != StatusCode.SUCCESS) {
      scanId = null;
      throw new StatusException(answer.getStatus().getCode(), answer.getStatus().getMessage());
    }
    if (!answer.isSetScanId()) {
      scanId = null;
    }
    if (!answer.isSetBlock()) {
      return null;
    }
    if (scanId != null) {
      ahead = fetch(scanId);
    }
    return serde.deserialize(ByteBuffer.wrap(answer.getBlock()));
  }

  private ScanResp received() throws StatusException {
    try {
      return ahead.join();
    } catch (CompletionException e) {
      scanId = null;
      ahead = null;
      if (e.getCause() instanceof StatusException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private CompletableFuture<ScanResp> fetch(long scan) {
    CompletableFuture<ScanResp> answer = new CompletableFuture<>();
    Runnable task = () -> complete(answer, scan);
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.run(); // without reading ahead, then
    }
    return answer;
  }

  private void complete(CompletableFuture<ScanResp> answer, long scan) {
    try {
      answer.complete(clients.call(node.getInternal(), client -> client.nextBlock(scan)));
    } catch (TException e) {
      answer.completeExceptionally(RemoteFailure.unreachable(node, e));
    }
  }

  @Override
  public void close() {
    if (scanId == null) {
      return;
    }
    long scan = scanId;
    scanId = null;
    CompletableFuture<?> pending = ahead == null ? CompletableFuture.completedFuture(null) : ahead;
    ahead = null;
    Runnable closing = () -> closeThere(scan);
    pending.whenComplete(
        (answer, failure) -> {
          try {
            executor.execute(closing);
          } catch (RejectedExecutionException e) {
            closing.run();
          }
        });
  }

  private void closeThere(long scan) {
    try {
      clients.callIdempotent(node.getInternal(), client -> client.closeScan(scan));
    } catch (TException e) {
      LOG.debug("scan {} is left to be closed as idle on DataNode {}", scan, node.getId(), e);
    }
  }
}
