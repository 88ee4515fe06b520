package io.sluice.datanode.region.host;

import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.store.RegionStore;
import io.sluice.datanode.tsfile.DamagedFileException;
import io.sluice.datanode.tsfile.FileKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;

/** Reads a sealed file from its first byte to its last and compares it with its manifest. */
final class FileLook {
  private FileLook() {}

  /** What it came to. */
  enum Verdict {
    WHOLE,
    DAMAGED,
    /** It is no part of the region any more. */
    GONE
  }

  /**
   * @param why of what is damaged, else null
   */
  record Result(Verdict verdict, String why) {}

  /**
   * @throws InterruptedIOException when it was told to stop
   */
  static Result at(RegionStore store, SealedFile file, FileKey.Pace pace) throws IOException {
    try (FileKey.Content content = open(store, file)) {
      if (content == null) {
        return new Result(Verdict.GONE, null);
      }
      content.check(pace);
      return new Result(Verdict.WHOLE, null);
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw e;
    } catch (DamagedFileException e) {
      return damaged(store, file, e.getMessage());
    } catch (NoSuchFileException e) {
      return damaged(store, file, "file " + file.path() + " is missing");
    } catch (IOException e) {
      return damaged(store, file, "file " + file.path() + " cannot be read: " + e);
    }
  }

  /** Pinned while it is opened: from then on it may be merged away under its reader. */
  private static FileKey.Content open(RegionStore store, SealedFile file) throws IOException {
    try (RegionView view = store.view()) {
      return view.files().contains(file)
          ? new FileKey(file.path(), file.lengthBytes(), file.crc32c()).open()
          : null;
    }
  }

  private static Result damaged(RegionStore store, SealedFile file, String why) {
    boolean listed = store.durable().files().contains(file);
    return listed ? new Result(Verdict.DAMAGED, why) : new Result(Verdict.GONE, null);
  }
}
