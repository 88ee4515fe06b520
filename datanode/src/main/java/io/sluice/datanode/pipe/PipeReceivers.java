package io.sluice.datanode.pipe;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import io.sluice.datanode.verify.Receiver;
import io.sluice.datanode.verify.RowsFiles;
import io.sluice.sync.sender.SyncSender;
import io.sluice.sync.sender.net.ReceiverQuestions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Receivers of this cluster's pipes, reached as their senders reach them. Thread-safe. */
final class PipeReceivers implements Receiver.Reaching {
  private final UUID clusterId;
  private final SyncSender sender;

  PipeReceivers(UUID clusterId, SyncSender sender) {
    this.clusterId = clusterId;
    this.sender = sender;
  }

  @Override
  public Receiver reach(
      long pipeNumber, UUID region, String database, Supplier<List<Frame.Address>> alsoAt)
      throws StatusException {
    Frame.Asker asker = new Frame.Asker(new Source(clusterId, region), pipeNumber, database);
    try {
      return new Asked(sender.compare(pipeNumber, alsoAt), asker);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static StatusException refused(IOException e) {
    return new StatusException(
        StatusCode.PIPE_ERROR, "the receiver cannot be asked: " + e.getMessage(), e);
  }

  private record Asked(ReceiverQuestions receiver, Frame.Asker asker) implements Receiver {
    @Override
    public UUID clusterId() {
      return receiver.receiver();
    }

    @Override
    public String named() {
      return receiver.named();
    }

    @Override
    public List<RangeHash> ranges(List<DigestSpans> parts) throws StatusException {
      try {
        return receiver.ask(new Frame.DigestsWanted(asker, parts), Frame.Digests.class).hashes();
      } catch (IOException e) {
        throw refused(e);
      }
    }

    @Override
    public RowPage rows(DigestPart part, TimeSpan span) throws StatusException {
      try {
        return receiver.ask(new Frame.RowsWanted(asker, part, span), Frame.Rows.class).page();
      } catch (IOException e) {
        throw refused(e);
      }
    }

    @Override
    public List<RottenFile> rotten() throws StatusException {
      if (!receiver.mends()) {
        return List.of();
      }
      try {
        return receiver.ask(new Frame.RottenWanted(asker), Frame.Rotten.class).files();
      } catch (IOException e) {
        throw refused(e);
      }
    }

    @Override
    public Mended mend(RottenFile file, RowsFiles.Written rows, long sentFromMs)
        throws StatusException {
      try {
        if (rows == null) {
          return bring(file, new RowsPart(0, 0, sentFromMs, 0, ByteBuffer.allocate(0)));
        }
        return bring(file, rows, sentFromMs);
      } catch (IOException e) {
        throw refused(e);
      }
    }

    private Mended bring(RottenFile file, RowsFiles.Written rows, long sentFromMs)
        throws IOException {
      if (rows.lengthBytes() > RowsPart.LENGTH_BYTES_MAX) {
        throw new IOException("rows of " + rows.lengthBytes() + " bytes for one rotten file");
      }
      Mended mended = Mended.MORE;
      long offset = 0;
      try (FileChannel in = FileChannel.open(rows.path(), StandardOpenOption.READ)) {
        while (mended.state() == Mended.State.MORE && offset < rows.lengthBytes()) {
          ByteBuffer bytes = ByteBuffer.allocate(RowsPart.BYTES_MAX);
          while (bytes.hasRemaining() && in.read(bytes) >= 0) {
            // A short read is not the end of the file.
          }
          bytes.flip();
          int length = bytes.remaining();
          mended =
              bring(
                  file, new RowsPart(rows.lengthBytes(), rows.crc32c(), sentFromMs, offset, bytes));
          offset += length;
        }
      }
      return mended;
    }

    private Mended bring(RottenFile file, RowsPart part) throws IOException {
      return receiver.ask(new Frame.Mend(asker, file, part), Frame.MendAnswer.class).mended();
    }

    @Override
    public long exchangedBytes() {
      return receiver.exchangedBytes();
    }

    @Override
    public void close() {
      receiver.close();
    }
  }
}
