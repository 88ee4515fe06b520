package io.sluice.datanode.cluster;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.rpc.RegionFile;
import io.sluice.common.rpc.RegionImageResp;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.RegionMember;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes' replicas by their internal service. A node is looked up in the catalog for every
 * chunk, so that one that restarts elsewhere is found again; a chunk that does not come is asked
 * for again for a bounded time, from where it stood. Thread-safe.
 */
public final class ThriftPeers implements PeerReplicas, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThriftPeers.class);

  /** For an answer that is not wanted any more. */
  private static final long UNWANTED_MS_MAX = 1_000;

  /** A peer that cannot be reached is tried no longer for a load's file: others may have it. */
  private static final long LOAD_STALL_MS_MAX = 5_000;

  private final int selfId;
  private final CatalogCache catalog;
  private final Options options;
  private final MonotonicClock clock;
  private final InternalClients<DataNodeService.Client> clients;

  /**
   * @param connectTimeoutMs for opening a connection
   * @param answerTimeoutMs for one answer; the first chunk of a file may need a look at all of it
   * @param chunkBytes asked for at a time
   * @param stallMsMax how long one chunk of an image, or a connection for one, is tried for; so is
   *     the order to stage a file
   * @param pauseMs between two tries
   * @param bytesPerMsMin slower than this a file that a peer fetches from here is given up
   */
  public record Options(
      int connectTimeoutMs,
      int answerTimeoutMs,
      int chunkBytes,
      long stallMsMax,
      long pauseMs,
      long bytesPerMsMin) {
    public static final Options DEFAULT = new Options(1_000, 20_000, 2 << 20, 30_000, 200, 256);
  }

  public ThriftPeers(int selfId, CatalogCache catalog, Options options, MonotonicClock clock) {
    this.selfId = selfId;
    this.catalog = catalog;
    this.options = options;
    this.clock = clock;
    this.clients =
        new InternalClients<>(
            new DataNodeService.Client.Factory(),
            options.connectTimeoutMs(),
            options.answerTimeoutMs());
  }

  @Override
  public Optional<RegionMember> member(int nodeId) {
    return catalog
        .index()
        .dataNode(nodeId)
        .map(DataNodeLocation::getRegionRaft)
        .map(raft -> new RegionMember(nodeId, raft.getHost(), raft.getPort()));
  }

  @Override
  public void copyImage(UUID region, int fromNode, Path into) throws IOException {
    RegionImageResp image = openImage(region, fromNode);
    try {
      LOG.info(
          "Region {}: copying {} files of DataNode {}", region, image.getFilesSize(), fromNode);
      copyFiles(fromNode, image.getImageId(), image.getFiles(), into);
    } finally {
      closeImage(fromNode, image.getImageId());
    }
  }

  @Override
  public void copyPart(UUID region, int fromNode, Path into, PartOfImage part) throws IOException {
    RegionImageResp image = openImage(region, fromNode);
    try {
      List<RegionFile> all = image.getFiles();
      // What is not in a folder is the manifest.
      copyFiles(
          fromNode,
          image.getImageId(),
          all.stream().filter(file -> file.getName().indexOf('/') < 0).toList(),
          into);
      Set<String> wanted = part.names();
      List<RegionFile> chosen =
          all.stream().filter(file -> wanted.contains(file.getName())).toList();
      if (chosen.size() != wanted.size()) {
        throw new NotGivenException("DataNode " + fromNode + " does not give all of " + wanted);
      }
      copyFiles(fromNode, image.getImageId(), chosen, into);
    } finally {
      closeImage(fromNode, image.getImageId());
    }
  }

  private RegionImageResp openImage(UUID region, int fromNode) throws IOException {
    RegionImageResp image =
        raw(fromNode, whileWanted(() -> true), client -> client.openRegionImage(region.toString()));
    check(fromNode, image.getStatus());
    if (!image.isSetImageId() || !image.isSetFiles()) {
      throw new IOException("DataNode " + fromNode + " answered without an image");
    }
    return image;
  }

  private void copyFiles(int fromNode, long imageId, List<RegionFile> files, Path into)
      throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (RegionFile file : files) {
      if (!RegionFileName.legal(file.getName())) {
        throw new IOException("DataNode " + fromNode + " names a file that is none of a region");
      }
      Path target = into.resolve(file.getName());
      for (Path folder = target.getParent(); !folder.equals(into); folder = folder.getParent()) {
        folders.add(folder);
      }
      Files.createDirectories(target.getParent());
      copy(
          new Whole(fromNode, file.getName(), file.getLengthBytes(), file.getCrc32c()),
          (client, offset) ->
              client.readRegionImage(imageId, file.getName(), offset, options.chunkBytes()),
          whileWanted(() -> true),
          target);
    }
    folders.add(into);
    for (Path folder : folders) {
      DurableFiles.syncFolder(folder);
    }
  }

  /** It would be closed as idle; the peer's files go sooner so. */
  private void closeImage(int node, long imageId) {
    try {
      clients.callIdempotent(
          located(node).getInternal(), client -> client.closeRegionImage(imageId));
    } catch (TException | IOException e) {
      LOG.debug("image {} is left to be closed as idle on DataNode {}", imageId, node, e);
    }
  }

  @Override
  public void copyLoadFile(
      UUID region,
      int fromNode,
      String stagedName,
      long lengthBytes,
      int crc32c,
      Path target,
      long patienceMs)
      throws IOException {
    LoadFileRef file = new LoadFileRef(region.toString(), stagedName, lengthBytes, crc32c);
    copy(
        new Whole(fromNode, stagedName, lengthBytes, crc32c),
        (client, offset) -> client.readLoadFile(file, offset, options.chunkBytes()),
        new Trying(
            Math.min(patienceMs, LOAD_STALL_MS_MAX),
            () -> true,
            waitedMs -> waitedMs >= patienceMs),
        target);
    DurableFiles.syncFolder(target.toAbsolutePath().getParent());
  }

  @Override
  public void stageAt(
      UUID region,
      int node,
      String stagedName,
      long lengthBytes,
      int crc32c,
      BooleanSupplier wanted)
      throws IOException {
    LoadFileRef file = new LoadFileRef(region.toString(), stagedName, lengthBytes, crc32c);
    DataNodeLocation self = located(selfId);
    long deadlineMs =
        clock.nowMs() + options.stallMsMax() + lengthBytes / Math.max(1, options.bytesPerMsMin());
    while (true) {
      Status answer = raw(node, whileWanted(wanted), c -> c.stageFrom(file, self));
      if (answer.getCode() != StatusCode.STILL_WORKING) {
        check(node, answer);
        return;
      }
      if (!wanted.getAsBoolean() || clock.nowMs() >= deadlineMs) {
        throw new IOException("DataNode " + node + " takes too long to fetch " + stagedName);
      }
    }
  }

  /** A file as it must be once it is here. */
  private record Whole(int fromNode, String name, long lengthBytes, int crc32c) {}

  /**
   * How long a peer is tried for.
   *
   * @param stallMsMax no attempt begins after so long without an answer
   * @param wanted no more than one attempt while it is not
   * @param patience with one attempt
   */
  private record Trying(
      long stallMsMax, BooleanSupplier wanted, InternalClients.Patience patience) {}

  private Trying whileWanted(BooleanSupplier wanted) {
    return new Trying(
        options.stallMsMax(),
        wanted,
        waitedMs -> waitedMs >= UNWANTED_MS_MAX && !wanted.getAsBoolean());
  }

  private interface ChunkCall {
    FileChunkResp at(DataNodeService.Client client, long offset) throws TException;
  }

  private void copy(Whole file, ChunkCall call, Trying trying, Path target) throws IOException {
    boolean whole = false;
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      CRC32C crc = new CRC32C();
      long offset = 0;
      while (offset < file.lengthBytes()) {
        ByteBuffer data = chunk(file, call, trying, offset);
        crc.update(data.duplicate());
        while (data.hasRemaining()) {
          offset += out.write(data);
        }
      }
      if ((int) crc.getValue() != file.crc32c()) {
        throw new IOException(file.name() + " does not match its checksum");
      }
      out.force(true);
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(target);
      }
    }
  }

  private ByteBuffer chunk(Whole file, ChunkCall call, Trying trying, long offset)
      throws IOException {
    FileChunkResp answer = raw(file.fromNode(), trying, c -> checked(call.at(c, offset)));
    check(file.fromNode(), answer.getStatus());
    ByteBuffer data = answer.bufferForData();
    long left = file.lengthBytes() - offset;
    if (data == null || !data.hasRemaining() || data.remaining() > left) {
      throw new IOException(
          file.name() + " of DataNode " + file.fromNode() + " is not as long as was said");
    }
    return data;
  }

  /** A chunk damaged on its way counts as one that did not come. */
  private static FileChunkResp checked(FileChunkResp chunk) throws TException {
    if (chunk.isSetData() && FileChunks.crc32c(chunk.bufferForData()) != chunk.getCrc32c()) {
      throw new TException("a chunk does not match its checksum");
    }
    return chunk;
  }

  /** Tries until an answer comes or the time for it is up. */
  private <T> T raw(int node, Trying trying, InternalClients.Call<DataNodeService.Client, T> call)
      throws IOException {
    long deadlineMs = clock.nowMs() + trying.stallMsMax();
    while (true) {
      DataNodeLocation at = located(node);
      try {
        return clients.callIdempotent(at.getInternal(), trying.patience(), call);
      } catch (TException e) {
        if (!trying.wanted().getAsBoolean() || clock.nowMs() >= deadlineMs) {
          throw new IOException(RemoteFailure.unreachableText(at, e), e);
        }
        LOG.debug("DataNode {} is asked again", node, e);
      }
      pause();
    }
  }

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(options.pauseMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying from another DataNode");
    }
  }

  private DataNodeLocation located(int node) throws IOException {
    Optional<DataNodeLocation> known = catalog.index().dataNode(node);
    if (known.isEmpty()) {
      try {
        catalog.refresh();
      } catch (StatusException e) {
        throw new IOException("DataNode " + node + " is not known here, and no ConfigNode says", e);
      }
      known = catalog.index().dataNode(node);
    }
    return known.orElseThrow(() -> new IOException("there is no DataNode " + node));
  }

  private static void check(int node, Status status) throws IOException {
    if (status.getCode() != StatusCode.SUCCESS) {
      throw new IOException("DataNode " + node + ": " + status.getMessage());
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
