package io.sluice.datanode.cluster;

import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.Region;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of LoadFile entries that other nodes copy chunk by chunk. A file is looked at whole once,
 * then stays open: what was looked at is what is sent, also when its name goes meanwhile. The least
 * recently read makes room for the next. Thread-safe.
 */
final class OpenLoadFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenLoadFiles.class);

  private final int filesMax;
  private final long idleMsMax;
  private final MonotonicClock clock;

  /** By age of the last use. Guarded by itself; an OpenFile by itself, taken second. */
  private final LinkedHashMap<LoadFileRef, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);

  OpenLoadFiles(int filesMax, long idleMsMax, MonotonicClock clock) {
    this.filesMax = filesMax;
    this.idleMsMax = idleMsMax;
    this.clock = clock;
  }

  private static final class OpenFile {
    private FileChannel channel;
    private boolean closed;
    private volatile long usedAtMs;

    private synchronized void close() {
      closed = true;
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          LOG.debug("a file that was only read could not be closed", e);
        }
      }
    }
  }

  /**
   * @throws StatusException code 508 when it is not here whole
   */
  FileChunkResp read(Region region, LoadFileRef file, long offset, int lengthMax)
      throws StatusException, IOException {
    while (true) {
      OpenFile open = place(file);
      synchronized (open) {
        if (open.closed) {
          continue; // made room for another one just now
        }
        if (open.channel == null) {
          open.channel = FileChannel.open(whole(region, file), StandardOpenOption.READ);
        }
        open.usedAtMs = clock.nowMs();
        return FileChunks.read(open.channel, file.getLengthBytes(), offset, lengthMax);
      }
    }
  }

  private OpenFile place(LoadFileRef file) {
    OpenFile eldest = null;
    OpenFile open;
    synchronized (files) {
      open = files.get(file);
      if (open == null) {
        if (files.size() >= filesMax) {
          Iterator<OpenFile> byAge = files.values().iterator();
          eldest = byAge.next();
          byAge.remove();
        }
        open = new OpenFile();
        open.usedAtMs = clock.nowMs();
        files.put(new LoadFileRef(file), open);
      }
    }
    if (eldest != null) {
      eldest.close();
    }
    return open;
  }

  private static Path whole(Region region, LoadFileRef file) throws StatusException, IOException {
    return region
        .loadFile(file.getStagedName(), file.getLengthBytes(), file.getCrc32c())
        .orElseThrow(
            () ->
                new StatusException(
                    StatusCode.PATH_NOT_EXIST,
                    "File "
                        + file.getStagedName()
                        + " of region "
                        + region.id()
                        + " is not here whole"));
  }

  /** Closes the files nobody has read in a while. */
  void closeIdle() {
    long nowMs = clock.nowMs();
    close(open -> nowMs - open.usedAtMs >= idleMsMax);
  }

  int size() {
    synchronized (files) {
      return files.size();
    }
  }

  private void close(java.util.function.Predicate<OpenFile> which) {
    List<OpenFile> over;
    synchronized (files) {
      over = files.values().stream().filter(which).toList();
      files.values().removeAll(over);
    }
    over.forEach(OpenFile::close);
  }

  @Override
  public void close() {
    close(open -> true);
  }
}
