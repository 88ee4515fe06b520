package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.rpc.RegionImageResp;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import java.io.IOException;
import java.util.UUID;

/**
 * What this node's replicas give to those of other nodes, and fetch because one of those says so.
 * Thread-safe.
 */
final class PeerFeeding implements AutoCloseable {
  private static final int IMAGES_MAX = 16;
  private static final int LOAD_FILES_MAX = 32;

  /** Well below the time-out of a peer's call. */
  private static final long FETCH_WAIT_MS = 5_000;

  private final LocalRegions regions;
  private final OpenImages images;
  private final OpenLoadFiles loadFiles;
  private final StagedFetches fetches;

  /**
   * @param idleMsMax what nobody reads for so long is closed
   */
  PeerFeeding(LocalRegions regions, PeerReplicas peers, long idleMsMax, MonotonicClock clock) {
    this.regions = regions;
    this.images = new OpenImages(IMAGES_MAX, idleMsMax, clock);
    this.loadFiles = new OpenLoadFiles(LOAD_FILES_MAX, idleMsMax, clock);
    this.fetches = new StagedFetches(peers, FETCH_WAIT_MS);
  }

  RegionImageResp openImage(String regionUuid) throws StatusException, IOException {
    return images.open(region(regionUuid));
  }

  FileChunkResp readImage(long imageId, String name, long offset, int lengthMax)
      throws StatusException, IOException {
    return images.read(imageId, name, offset, lengthMax);
  }

  void closeImage(long imageId) {
    images.close(imageId);
  }

  FileChunkResp readLoadFile(LoadFileRef file, long offset, int lengthMax)
      throws StatusException, IOException {
    checkName(file);
    return loadFiles.read(region(file.getRegion()), file, offset, lengthMax);
  }

  void stageFrom(LoadFileRef file, DataNodeLocation node) throws StatusException {
    checkName(file);
    fetches.fetch(region(file.getRegion()), file, node.getId());
  }

  private static void checkName(LoadFileRef file) {
    if (!StagedName.legal(file.getStagedName()) || file.getLengthBytes() < 0) {
      throw new IllegalArgumentException("not a name and length of a staged file");
    }
  }

  private Region region(String regionUuid) throws StatusException {
    UUID id = UUID.fromString(regionUuid);
    return regions.find(id).orElseThrow(() -> Replica.notHere(id));
  }

  void closeIdle() {
    images.closeIdle();
    loadFiles.closeIdle();
  }

  /** Images and files that are open for other nodes now. */
  int open() {
    return images.size() + loadFiles.size();
  }

  @Override
  public void close() {
    fetches.close();
    images.close();
    loadFiles.close();
  }
}
