package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.CountResp;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.RegionSyncStateReq;
import io.sluice.common.rpc.RegionSyncStateResp;
import io.sluice.common.rpc.ScanReq;
import io.sluice.common.rpc.ScanResp;
import io.sluice.common.rpc.SeriesQuery;
import io.sluice.common.rpc.SeriesResp;
import io.sluice.common.rpc.StageChunkReq;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.apache.thrift.TException;

/** A region of another node, by its internal service. */
final class RemoteReplica implements Replica {
  /** Bytes of a staged file per call. */
  private static final int CHUNK_BYTES = 4 << 20;

  private final UUID id;
  private final DataNodeLocation node;
  private final InternalClients<DataNodeService.Client> clients;
  private final EntryBytes entryBytes;
  private final Executor executor;

  /**
   * @param executor runs the calls that are not waited for; it may refuse
   */
  RemoteReplica(
      UUID id,
      DataNodeLocation node,
      InternalClients<DataNodeService.Client> clients,
      EntryBytes entryBytes,
      Executor executor) {
    this.id = id;
    this.node = node;
    this.clients = clients;
    this.entryBytes = entryBytes;
    this.executor = executor;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    return later(() -> proposeNow(entry));
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    return later(this::flushNow);
  }

  @Override
  public ApplyResult proposeNow(LogEntry entry) {
    ByteBuffer bytes = entryBytes.encode(entry);
    InternalClients.Call<DataNodeService.Client, ApplyResult> call =
        client -> RegionMessages.fromWire(client.propose(id.toString(), bytes.duplicate()));
    try {
      return repeatable(entry)
          ? clients.callIdempotent(node.getInternal(), call)
          : clients.callFresh(node.getInternal(), call);
    } catch (TException e) {
      return unreachable(e);
    }
  }

  @Override
  public ApplyResult flushNow() {
    try {
      return clients.callIdempotent(
          node.getInternal(), client -> RegionMessages.fromWire(client.flush(id.toString())));
    } catch (TException e) {
      return unreachable(e);
    }
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException {
    SeriesQuery query = new SeriesQuery(id.toString(), RegionMessages.texts(patterns));
    SeriesResp answer = ask(client -> client.findSeries(query));
    check(answer.getStatus());
    return answer.getSeries().stream().map(RegionMessages::fromWire).toList();
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException {
    ScanReq req = RegionMessages.toWire(id, request);
    ScanResp first = ask(client -> client.openScan(req));
    check(first.getStatus());
    return new RemoteRows(node, clients, executor, first);
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException {
    ScanReq req = RegionMessages.toWire(id, request);
    CountResp answer = ask(client -> client.count(req));
    check(answer.getStatus());
    return answer.getCounts().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public SyncState syncState(Source source) throws StatusException {
    RegionSyncStateReq req =
        new RegionSyncStateReq(
            id.toString(), source.clusterId().toString(), source.regionId().toString());
    RegionSyncStateResp answer = ask(client -> client.regionSyncState(req));
    check(answer.getStatus());
    return RegionMessages.fromWire(answer);
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long lengthBytes = channel.size();
      long offset = 0;
      do {
        buffer.clear();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
          // A short read is not the end of the file.
        }
        buffer.flip();
        boolean last = offset + buffer.remaining() >= lengthBytes;
        StageChunkReq chunk = chunk(stagedName, offset, buffer, last);
        check(ask(client -> client.stageChunk(chunk)));
        offset += buffer.remaining();
      } while (offset < lengthBytes);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "Cannot read " + file + " to stage it: " + e, e);
    }
  }

  private StageChunkReq chunk(String name, long offset, ByteBuffer data, boolean last) {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    return new StageChunkReq(
        name, offset, data.duplicate(), (int) crc.getValue(), last, id.toString());
  }

  private <T> T ask(InternalClients.Call<DataNodeService.Client, T> call) throws StatusException {
    try {
      return clients.callIdempotent(node.getInternal(), call);
    } catch (TException e) {
      throw RemoteFailure.unreachable(node, e);
    }
  }

  private ApplyResult unreachable(TException e) {
    return new ApplyResult.Unavailable(
        StatusCode.DISPATCH_ERROR, RemoteFailure.unreachableText(node, e));
  }

  private CompletableFuture<ApplyResult> later(Supplier<ApplyResult> call) {
    try {
      return CompletableFuture.supplyAsync(call, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          new ApplyResult.Unavailable(
              StatusCode.WRITE_REJECTED, "Too many writes to other DataNodes are under way"));
    }
  }

  /** Whether applying the entry twice is the same as once. */
  private static boolean repeatable(LogEntry entry) {
    return entry instanceof LogEntry.InsertTablet
        || entry instanceof LogEntry.InsertRows
        || entry instanceof LogEntry.LoadFile
        || entry instanceof LogEntry.Seal
        || entry instanceof LogEntry.ForgetSource;
  }

  private static void check(Status status) throws StatusException {
    if (status.getCode() != StatusCode.SUCCESS) {
      throw new StatusException(status.getCode(), status.getMessage());
    }
  }
}
