package io.sluice.sync.receiver.net;

import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import io.sluice.sync.receiver.port.RottenFiles;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names rotten files to the sender whose rows they held, and takes in what that one brings for
 * them: one TsFile at a time on this node, which begins anew after a lost connection. Used on the
 * session's lane.
 */
final class MendDesk {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final SessionHost host;
  private final Askers askers;

  /** The protocol version of this connection. */
  private final int version;

  /** Null while nothing is brought. */
  private Arriving arriving;

  MendDesk(SessionHost host, Askers askers, int version) {
    this.host = host;
    this.askers = askers;
    this.version = version;
  }

  static boolean isFor(Frame.FromSender frame) {
    return frame instanceof Frame.RottenWanted || frame instanceof Frame.Mend;
  }

  /**
   * @param frame one of those {@link #isFor} is true of
   */
  Frame.FromReceiver answer(Frame.FromSender frame) throws TargetUnavailableException, IOException {
    if (version < Opening.VERSION_MENDS) {
      return DigestDesk.refused("a question of version " + Opening.VERSION_MENDS);
    }
    Frame.Asker asker =
        frame instanceof Frame.RottenWanted wanted ? wanted.asker() : ((Frame.Mend) frame).asker();
    Optional<String> database = askers.databaseOf(asker);
    if (database.isEmpty()) {
      return Askers.neverFed(asker);
    }
    RottenFiles files = host.cluster().rotten();
    if (frame instanceof Frame.Mend mend) {
      return mend(files, database.get(), mend);
    }
    List<RottenFile> rotten = files.of(asker.source().clusterId(), database.get());
    return new Frame.Rotten(rotten.stream().limit(RottenFile.NAMED_MAX).toList());
  }

  private Frame.FromReceiver mend(RottenFiles files, String database, Frame.Mend mend)
      throws TargetUnavailableException, IOException {
    RowsPart part = mend.part();
    boolean again = arriving != null && arriving.whole && arriving.endsWith(mend);
    if (!again) {
      if (part.offset() == 0 && !begin(files, mend)) {
        return new Frame.Wait();
      }
      if (arriving == null || !arriving.take(mend)) {
        close();
        return DigestDesk.refused("part of a file at " + part.offset() + " that does not fit");
      }
      if (!arriving.whole) {
        return new Frame.MendAnswer(Mended.MORE);
      }
    }
    Mended mended =
        files.mend(
            database, mend.file(), mend.asker().source(), arriving.path, part.sentFromMs(), again);
    if (mended.state() == Mended.State.WORKS) {
      return new Frame.Wait();
    }
    close();
    return new Frame.MendAnswer(mended);
  }

  /** False when another connection brings rows now. */
  private boolean begin(RottenFiles files, Frame.Mend mend) throws IOException {
    close();
    if (!host.mending().tryAcquire()) {
      return false;
    }
    try {
      arriving = new Arriving(mend, mend.part().lengthBytes() == 0 ? null : files.scratch());
    } finally {
      if (arriving == null) {
        host.mending().release();
      }
    }
    return true;
  }

  /** What has been brought and is not taken down is gone. */
  void close() {
    if (arriving != null) {
      arriving.discard();
      arriving = null;
      host.mending().release();
    }
  }

  /** A TsFile on its way in. */
  private static final class Arriving {
    private final Frame.Mend first;

    /** Null when there is nothing to bring. */
    private final Path path;

    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private long heldBytes;
    private boolean whole;

    Arriving(Frame.Mend first, Path path) throws IOException {
      this.first = first;
      this.path = path;
      this.channel =
          path == null
              ? null
              : FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** False when it is not the next part of this file. */
    boolean take(Frame.Mend mend) throws IOException {
      RowsPart part = mend.part();
      if (whole || !sameFile(mend) || part.offset() != heldBytes) {
        return false;
      }
      if (channel != null) {
        ByteBuffer bytes = part.bytes().duplicate();
        crc.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
          heldBytes += channel.write(bytes);
        }
      }
      if (part.last()) {
        if (channel != null) {
          channel.force(true);
          channel.close();
        }
        whole = channel == null || (int) crc.getValue() == part.crc32c();
        return whole;
      }
      return true;
    }

    /** Whether that is its last part, once more. */
    boolean endsWith(Frame.Mend mend) {
      return sameFile(mend)
          && mend.part().offset() + mend.part().bytes().remaining() == heldBytes
          && mend.part().last();
    }

    private boolean sameFile(Frame.Mend mend) {
      return mend.asker().equals(first.asker())
          && mend.file().equals(first.file())
          && mend.part().lengthBytes() == first.part().lengthBytes()
          && mend.part().crc32c() == first.part().crc32c();
    }

    void discard() {
      if (channel != null) {
        try {
          channel.close();
          Files.deleteIfExists(path);
        } catch (IOException e) {
          LOG.warn("{} stays until the next start", path, e);
        }
      }
    }
  }
}
