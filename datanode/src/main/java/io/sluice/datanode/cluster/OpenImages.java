package io.sluice.datanode.cluster;

import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.RegionFile;
import io.sluice.common.rpc.RegionImageResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.Region;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of regions that other nodes copy chunk by chunk. Their number is bounded, and one that
 * nobody reads is closed, since it pins files. Thread-safe.
 */
final class OpenImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenImages.class);

  private final int imagesMax;
  private final long idleMsMax;
  private final MonotonicClock clock;
  private final ConcurrentMap<Long, OpenImage> images = new ConcurrentHashMap<>();

  /** First id at random: an image of this node's former life is not taken for one of now. */
  private final AtomicLong nextId =
      new AtomicLong(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2));

  OpenImages(int imagesMax, long idleMsMax, MonotonicClock clock) {
    this.imagesMax = imagesMax;
    this.idleMsMax = idleMsMax;
    this.clock = clock;
  }

  /** Guarded by itself. */
  private static final class OpenImage {
    private final DurableImage image;
    private final Map<String, DurableImage.Entry> files = new HashMap<>();
    private long usedAtMs;

    private OpenImage(DurableImage image, long nowMs) {
      this.image = image;
      image.entries().forEach(entry -> files.put(entry.name(), entry));
      this.usedAtMs = nowMs;
    }
  }

  /**
   * @throws StatusException when as many are open as may be
   */
  synchronized RegionImageResp open(Region region) throws StatusException, IOException {
    if (images.size() >= imagesMax) {
      throw new StatusException(
          StatusCode.EXECUTE_ERROR,
          "This DataNode feeds " + imagesMax + " replicas of other nodes already");
    }
    DurableImage image = region.openImage();
    List<RegionFile> files = new ArrayList<>();
    for (DurableImage.Entry entry : image.entries()) {
      files.add(new RegionFile(entry.name(), entry.lengthBytes(), entry.crc32c()));
    }
    long id = nextId.incrementAndGet();
    images.put(id, new OpenImage(image, clock.nowMs()));
    return new RegionImageResp(RegionMessages.OK).setImageId(id).setFiles(files);
  }

  /**
   * @param name one of the image's; it is looked up, never resolved
   * @throws StatusException code 714 when there is no such image (any more)
   */
  FileChunkResp read(long id, String name, long offset, int lengthMax)
      throws StatusException, IOException {
    OpenImage open = images.get(id);
    if (open == null) {
      throw gone(id);
    }
    synchronized (open) {
      if (!images.containsKey(id)) {
        throw gone(id);
      }
      DurableImage.Entry entry = open.files.get(name);
      if (entry == null) {
        throw new IllegalArgumentException("the image has no such file");
      }
      try (FileChannel channel = FileChannel.open(entry.path(), StandardOpenOption.READ)) {
        return FileChunks.read(channel, entry.lengthBytes(), offset, lengthMax);
      } finally {
        open.usedAtMs = clock.nowMs();
      }
    }
  }

  void close(long id) {
    OpenImage open = images.get(id);
    if (open != null) {
      synchronized (open) {
        remove(id, open);
      }
    }
  }

  /** Closes the images nobody has read in a while. */
  void closeIdle() {
    for (Map.Entry<Long, OpenImage> each : images.entrySet()) {
      OpenImage open = each.getValue();
      synchronized (open) {
        if (clock.nowMs() - open.usedAtMs >= idleMsMax) {
          LOG.info("Closed image {} for another node: idle for {} ms", each.getKey(), idleMsMax);
          remove(each.getKey(), open);
        }
      }
    }
  }

  int size() {
    return images.size();
  }

  private void remove(long id, OpenImage open) {
    if (images.remove(id, open)) {
      open.image.close();
    }
  }

  private static StatusException gone(long id) {
    return new StatusException(
        StatusCode.NO_SUCH_QUERY,
        "Image " + id + " is closed (idle too long, or its node restarted)");
  }

  @Override
  public void close() {
    images.keySet().forEach(this::close);
  }
}
