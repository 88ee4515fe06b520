package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.CountResp;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.ProposeResp;
import io.sluice.common.rpc.RegionDigestReq;
import io.sluice.common.rpc.RegionDigestResp;
import io.sluice.common.rpc.RegionMendReq;
import io.sluice.common.rpc.RegionMendResp;
import io.sluice.common.rpc.RegionQuarantineReq;
import io.sluice.common.rpc.RegionQuarantineResp;
import io.sluice.common.rpc.RegionRottenResp;
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
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
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
import java.util.OptionalInt;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.thrift.TException;

/** A region of another node, by its internal service. */
final class RemoteReplica implements Replica {
  /** Bytes of a staged file per call. */
  private static final int CHUNK_BYTES = 4 << 20;

  private final UUID id;
  private final DataNodeLocation node;
  private final RegionRoutes routes;
  private final InternalClients.Patience patience;
  private final boolean others;

  /**
   * @param patience how long an answer is worth waiting for
   * @param others whether other nodes hold the region too
   */
  RemoteReplica(
      UUID id,
      DataNodeLocation node,
      RegionRoutes routes,
      InternalClients.Patience patience,
      boolean others) {
    this.id = id;
    this.node = node;
    this.routes = routes;
    this.patience = patience;
    this.others = others;
  }

  @Override
  public ApplyResult propose(LogEntry entry) throws ElsewhereException {
    ByteBuffer bytes = routes.entryBytes().encode(entry);
    return write(repeatable(entry), client -> client.propose(id.toString(), bytes.duplicate()));
  }

  @Override
  public ApplyResult flush() throws ElsewhereException {
    return write(true, client -> client.flush(id.toString()));
  }

  private ApplyResult write(
      boolean repeatable, InternalClients.Call<DataNodeService.Client, ProposeResp> call)
      throws ElsewhereException {
    ProposeResp answer;
    try {
      answer =
          repeatable
              ? routes.clients().callIdempotent(node.getInternal(), patience, call)
              : routes.clients().callFresh(node.getInternal(), call);
    } catch (TException e) {
      String text = RemoteFailure.unreachableText(node, e);
      if (others && (repeatable || RemoteFailure.neverSent(e))) {
        throw ElsewhereException.unanswered(text, e);
      }
      return new ApplyResult.Unavailable(StatusCode.DISPATCH_ERROR, text);
    }
    checkHere(answer.getStatus());
    return RegionMessages.fromWire(answer);
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns)
      throws StatusException, ElsewhereException {
    SeriesQuery query = new SeriesQuery(id.toString(), RegionMessages.texts(patterns));
    SeriesResp answer = ask(client -> client.findSeries(query));
    check(answer.getStatus());
    return answer.getSeries().stream().map(RegionMessages::fromWire).toList();
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException, ElsewhereException {
    ScanReq req = RegionMessages.toWire(id, request);
    ScanResp first = ask(client -> client.openScan(req));
    check(first.getStatus());
    return new RemoteRows(node, routes.clients(), routes.executor(), first);
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException, ElsewhereException {
    ScanReq req = RegionMessages.toWire(id, request);
    CountResp answer = ask(client -> client.count(req));
    check(answer.getStatus());
    return answer.getCounts().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public RegionAccess.SyncState syncState(Source source)
      throws StatusException, ElsewhereException {
    RegionSyncStateReq req =
        new RegionSyncStateReq(
            id.toString(), source.clusterId().toString(), source.regionId().toString());
    RegionSyncStateResp answer = ask(client -> client.regionSyncState(req));
    check(answer.getStatus());
    return RegionMessages.fromWire(answer);
  }

  @Override
  public List<HeldPart> quarantine(long pipeNumber) throws StatusException, ElsewhereException {
    RegionQuarantineReq req = new RegionQuarantineReq(id.toString(), pipeNumber);
    RegionQuarantineResp answer = ask(client -> client.regionQuarantine(req));
    check(answer.getStatus());
    return answer.getSeries().stream().map(RegionMessages::fromWire).toList();
  }

  @Override
  public DigestAnswer digest(DigestQuery query) throws StatusException, ElsewhereException {
    RegionDigestReq req = DigestMessages.toWire(id, query);
    RegionDigestResp answer = ask(client -> client.regionDigest(req));
    check(answer.getStatus());
    return DigestMessages.fromWire(answer);
  }

  @Override
  public List<RottenFile> rotten(UUID origin) throws StatusException, ElsewhereException {
    RegionRottenResp answer = ask(client -> client.regionRotten(id.toString(), origin.toString()));
    check(answer.getStatus());
    return MendMessages.fromWire(id, answer);
  }

  @Override
  public Mended mend(BroughtRows brought) throws StatusException, ElsewhereException {
    RegionMendReq req = MendMessages.toWire(id, brought);
    RegionMendResp answer = ask(client -> client.mendRegion(req));
    check(answer.getStatus());
    return MendMessages.fromWire(answer);
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException, ElsewhereException {
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

  private <T> T ask(InternalClients.Call<DataNodeService.Client, T> call)
      throws StatusException, ElsewhereException {
    try {
      return routes.clients().callIdempotent(node.getInternal(), patience, call);
    } catch (TException e) {
      if (others) {
        throw ElsewhereException.unanswered(RemoteFailure.unreachableText(node, e), e);
      }
      throw RemoteFailure.unreachable(node, e);
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

  private void checkHere(Status status) throws ElsewhereException {
    if (status.getCode() == StatusCode.REGION_NOT_HERE) {
      throw ElsewhereException.notHere(
          id,
          status.isSetRegionLeader()
              ? OptionalInt.of(status.getRegionLeader())
              : OptionalInt.empty());
    }
  }

  private void check(Status status) throws StatusException, ElsewhereException {
    checkHere(status);
    if (status.getCode() != StatusCode.SUCCESS) {
      throw new StatusException(status.getCode(), status.getMessage());
    }
  }
}
