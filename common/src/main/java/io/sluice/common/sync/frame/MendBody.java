package io.sluice.common.sync.frame;

import io.sluice.common.sync.SyncBytes;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Types and bodies of the frames by which a receiver's rotten file is had from its sender. */
final class MendBody {
  private static final int ROTTEN_WANTED = 0x21;
  private static final int MEND = 0x22;
  private static final int ROTTEN = 0x1F;
  private static final int MENDED = 0x20;

  private MendBody() {}

  /** 0 for a frame of another kind. */
  static int type(Frame frame) {
    if (frame instanceof Frame.RottenWanted) {
      return ROTTEN_WANTED;
    } else if (frame instanceof Frame.Mend) {
      return MEND;
    } else if (frame instanceof Frame.Rotten) {
      return ROTTEN;
    } else if (frame instanceof Frame.MendAnswer) {
      return MENDED;
    }
    return 0;
  }

  /** Writes nothing of a frame of another kind. */
  static void write(Frame frame, DataOutput out) throws IOException {
    if (frame instanceof Frame.RottenWanted wanted) {
      DigestBody.write(wanted.asker(), out);
    } else if (frame instanceof Frame.Mend mend) {
      DigestBody.write(mend.asker(), out);
      write(mend.file(), out);
      write(mend.part(), out);
    } else if (frame instanceof Frame.Rotten rotten) {
      out.writeInt(rotten.files().size());
      for (RottenFile file : rotten.files()) {
        write(file, out);
      }
    } else if (frame instanceof Frame.MendAnswer answer) {
      out.writeByte(answer.mended().state().id());
      out.writeUTF(FrameBody.shortened(answer.mended().text()));
    }
  }

  private static void write(RottenFile file, DataOutput out) throws IOException {
    SyncBytes.write(out, file.region());
    out.writeLong(file.end());
    out.writeLong(file.lengthBytes());
    out.writeInt(file.crc32c());
    DigestBody.write(file.times(), out);
  }

  private static void write(RowsPart part, DataOutput out) throws IOException {
    out.writeLong(part.lengthBytes());
    out.writeInt(part.crc32c());
    out.writeLong(part.sentFromMs());
    out.writeLong(part.offset());
    byte[] bytes = new byte[part.bytes().remaining()];
    part.bytes().duplicate().get(bytes);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static boolean isFor(int type) {
    return type == ROTTEN_WANTED || type == MEND || type == ROTTEN || type == MENDED;
  }

  /**
   * @param type one {@link #isFor} is true of
   * @throws IOException for a body that breaks a rule
   */
  static Frame read(int type, DataInput in) throws IOException {
    try {
      return switch (type) {
        case ROTTEN_WANTED -> new Frame.RottenWanted(DigestBody.readAsker(in));
        case MEND -> {
          Frame.Asker asker = DigestBody.readAsker(in);
          RottenFile file = readFile(in);
          yield new Frame.Mend(asker, file, readPart(in));
        }
        case ROTTEN -> {
          List<RottenFile> files = new ArrayList<>();
          int count = DigestBody.readCount(in, RottenFile.NAMED_MAX);
          for (int i = 0; i < count; i++) {
            files.add(readFile(in));
          }
          yield new Frame.Rotten(files);
        }
        default -> {
          Mended.State state = Mended.State.ofId(in.readUnsignedByte());
          yield new Frame.MendAnswer(new Mended(state, in.readUTF()));
        }
      };
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private static RottenFile readFile(DataInput in) throws IOException {
    UUID region = SyncBytes.readUuid(in);
    long end = in.readLong();
    long lengthBytes = in.readLong();
    int crc32c = in.readInt();
    TimeSpan times = DigestBody.readSpan(in);
    return new RottenFile(region, end, lengthBytes, crc32c, times);
  }

  private static RowsPart readPart(DataInput in) throws IOException {
    long lengthBytes = in.readLong();
    int crc32c = in.readInt();
    long sentFromMs = in.readLong();
    long offset = in.readLong();
    byte[] bytes = new byte[DigestBody.readCount(in, RowsPart.BYTES_MAX)];
    in.readFully(bytes);
    return new RowsPart(lengthBytes, crc32c, sentFromMs, offset, ByteBuffer.wrap(bytes));
  }
}
