package io.sluice.common.sync.frame;

import io.sluice.common.sync.Source;
import io.sluice.common.sync.SyncBytes;
import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Types and bodies of the frames by which two clusters compare what they hold. */
final class DigestBody {
  private static final int DIGESTS_WANTED = 0x0B;
  private static final int ROWS_WANTED = 0x0C;
  private static final int DIGESTS = 0x1C;
  private static final int ROWS = 0x1D;

  /** Of one part; a body could not hold more names anyway. */
  private static final int NAMES_MAX = FrameLimits.OTHER_BODY_BYTES_MAX / 2;

  private DigestBody() {}

  /** 0 for a frame of another kind. */
  static int type(Frame frame) {
    if (frame instanceof Frame.DigestsWanted) {
      return DIGESTS_WANTED;
    } else if (frame instanceof Frame.RowsWanted) {
      return ROWS_WANTED;
    } else if (frame instanceof Frame.Digests) {
      return DIGESTS;
    } else if (frame instanceof Frame.Rows) {
      return ROWS;
    }
    return 0;
  }

  /** Writes nothing of a frame of another kind. */
  static void write(Frame frame, DataOutput out) throws IOException {
    if (frame instanceof Frame.DigestsWanted wanted) {
      write(wanted.asker(), out);
      out.writeInt(wanted.parts().size());
      for (DigestSpans part : wanted.parts()) {
        write(part.part(), out);
        out.writeInt(part.spans().size());
        for (TimeSpan span : part.spans()) {
          write(span, out);
        }
      }
    } else if (frame instanceof Frame.RowsWanted wanted) {
      write(wanted.asker(), out);
      write(wanted.part(), out);
      write(wanted.span(), out);
    } else if (frame instanceof Frame.Digests digests) {
      out.writeInt(digests.hashes().size());
      for (RangeHash hash : digests.hashes()) {
        out.writeLong(hash.rows());
        out.writeLong(hash.high());
        out.writeLong(hash.low());
      }
    } else if (frame instanceof Frame.Rows rows) {
      out.writeBoolean(rows.page().complete());
      out.writeInt(rows.page().rows().size());
      for (RowDigest row : rows.page().rows()) {
        out.writeLong(row.time());
        out.writeLong(row.hash());
      }
    }
  }

  static void write(Frame.Asker asker, DataOutput out) throws IOException {
    SyncBytes.write(out, asker.source());
    out.writeLong(asker.pipeNumber());
    out.writeUTF(asker.database());
  }

  private static void write(DigestPart part, DataOutput out) throws IOException {
    out.writeUTF(part.device());
    out.writeInt(part.measurements().size());
    for (String measurement : part.measurements()) {
      out.writeUTF(measurement);
    }
  }

  static void write(TimeSpan span, DataOutput out) throws IOException {
    out.writeLong(span.first());
    out.writeLong(span.last());
  }

  /**
   * @throws IOException for a type that is not known, or a body that breaks a rule
   */
  static Frame read(int type, DataInput in) throws IOException {
    return switch (type) {
      case DIGESTS_WANTED -> readDigestsWanted(in);
      case ROWS_WANTED -> {
        Frame.Asker asker = readAsker(in);
        DigestPart part = readPart(in);
        yield new Frame.RowsWanted(asker, part, readSpan(in));
      }
      case DIGESTS -> {
        List<RangeHash> hashes = new ArrayList<>();
        int count = readCount(in, DigestLimits.SPANS_MAX);
        for (int i = 0; i < count; i++) {
          long rows = in.readLong();
          long high = in.readLong();
          hashes.add(new RangeHash(rows, high, in.readLong()));
        }
        yield new Frame.Digests(hashes);
      }
      case ROWS -> {
        boolean complete = in.readBoolean();
        List<RowDigest> rows = new ArrayList<>();
        int count = readCount(in, DigestLimits.PAGE_ROWS_MAX);
        for (int i = 0; i < count; i++) {
          long time = in.readLong();
          rows.add(new RowDigest(time, in.readLong()));
        }
        yield new Frame.Rows(new RowPage(rows, complete));
      }
      default -> throw new IOException("unknown frame type " + type);
    };
  }

  private static Frame readDigestsWanted(DataInput in) throws IOException {
    Frame.Asker asker = readAsker(in);
    List<DigestSpans> parts = new ArrayList<>();
    int left = DigestLimits.SPANS_MAX;
    int count = readCount(in, left);
    for (int i = 0; i < count; i++) {
      DigestPart part = readPart(in);
      List<TimeSpan> spans = new ArrayList<>();
      int wanted = readCount(in, left);
      left -= wanted;
      for (int j = 0; j < wanted; j++) {
        spans.add(readSpan(in));
      }
      parts.add(new DigestSpans(part, spans));
    }
    return new Frame.DigestsWanted(asker, parts);
  }

  static Frame.Asker readAsker(DataInput in) throws IOException {
    Source source = SyncBytes.readSource(in);
    long pipeNumber = in.readLong();
    return new Frame.Asker(source, pipeNumber, in.readUTF());
  }

  private static DigestPart readPart(DataInput in) throws IOException {
    String device = in.readUTF();
    int count = readCount(in, NAMES_MAX);
    List<String> measurements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      measurements.add(in.readUTF());
    }
    return new DigestPart(device, measurements);
  }

  static TimeSpan readSpan(DataInput in) throws IOException {
    long first = in.readLong();
    long last = in.readLong();
    if (first > last) {
      throw new IOException("times from " + first + " to " + last);
    }
    return new TimeSpan(first, last);
  }

  static int readCount(DataInput in, int max) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > max) {
      throw new IOException(count + " of at most " + max);
    }
    return count;
  }
}
