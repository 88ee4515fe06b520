package io.sluice.confignode.format;

import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A whole image as bytes: header, then its records. */
public final class SnapshotBytes {
  private static final int MAGIC = 0x534C4353; // "SLCS"
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = Integer.BYTES + 1 + Integer.BYTES;

  private SnapshotBytes() {}

  public static byte[] of(ClusterImage image) {
    List<Record> records = image.asRecords();
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES);
    header.putInt(MAGIC).put((byte) VERSION).putInt(records.size());
    header.putInt(RecordFrame.crc32c(header.array(), 0, HEADER_BYTES));
    var out = new ByteArrayOutputStream();
    out.writeBytes(header.array());
    for (Record record : records) {
      RecordFrame.write(out, record);
    }
    return out.toByteArray();
  }

  /**
   * @param where names the file in error messages
   * @throws CorruptRecordException when the bytes are damaged or cut off
   * @throws NewerFormatException when a newer release wrote them
   */
  public static ClusterImage read(byte[] bytes, String where) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < HEADER_BYTES + Integer.BYTES) {
      throw new CorruptRecordException(where + ": header is cut off");
    }
    int magic = in.getInt();
    int version = in.get() & 0xff;
    int count = in.getInt();
    if (magic != MAGIC || in.getInt() != RecordFrame.crc32c(bytes, 0, HEADER_BYTES)) {
      throw new CorruptRecordException(where + ": header differs at offset 0");
    }
    if (version > VERSION) {
      throw new NewerFormatException(where + ": version " + version + " is of a newer release");
    }
    ClusterImage image = ClusterImage.EMPTY;
    for (int i = 0; i < count; i++) {
      image = RecordFrame.read(in, where).replayOn(image);
    }
    if (in.hasRemaining()) {
      throw new CorruptRecordException(where + ": " + in.remaining() + " bytes too many");
    }
    return image;
  }
}
