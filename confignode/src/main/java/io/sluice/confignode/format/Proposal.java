package io.sluice.confignode.format;

import io.sluice.confignode.core.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What one entry of the metadata log holds: the records of one or more decisions, made by one
 * leader on one image. It takes effect only in the term it was made in and on the revision it was
 * decided on; anywhere else it is passed over by every member alike.
 *
 * @param id drawn anew for each proposal, by which its proposer knows it again
 * @param term in which the proposer led
 * @param baseRevision of the image the decisions were made on
 */
public record Proposal(UUID id, long term, long baseRevision, List<Record> records) {
  private static final int MAGIC = 0x534C4350; // "SLCP"
  private static final int VERSION = 1;
  private static final int HEADER_BYTES =
      Integer.BYTES + 1 + 2 * Long.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES;

  public Proposal {
    records = List.copyOf(records);
  }

  public byte[] toBytes() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES);
    header.putInt(MAGIC).put((byte) VERSION);
    header.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    header.putLong(term).putLong(baseRevision).putInt(records.size());
    header.putInt(RecordFrame.crc32c(header.array(), 0, HEADER_BYTES));
    var out = new ByteArrayOutputStream();
    out.writeBytes(header.array());
    for (Record record : records) {
      RecordFrame.write(out, record);
    }
    return out.toByteArray();
  }

  /** What these records add to a proposal. */
  public static int sizeBytes(List<Record> records) {
    var out = new ByteArrayOutputStream();
    for (Record record : records) {
      RecordFrame.write(out, record);
    }
    return out.size();
  }

  /**
   * @param where names the entry in error messages
   * @throws CorruptRecordException when the bytes are damaged
   * @throws NewerFormatException when a newer release wrote them
   */
  public static Proposal fromBytes(ByteBuffer in, String where) throws IOException {
    int start = in.position();
    if (in.remaining() < HEADER_BYTES + Integer.BYTES) {
      throw new CorruptRecordException(where + ": header is cut off");
    }
    byte[] header = new byte[HEADER_BYTES];
    in.get(header);
    boolean checked = in.getInt() == RecordFrame.crc32c(header, 0, HEADER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(header);
    if (fields.getInt() != MAGIC || !checked) {
      throw new CorruptRecordException(where + ": header differs at offset " + start);
    }
    int version = fields.get() & 0xff;
    if (version > VERSION) {
      throw new NewerFormatException(where + ": version " + version + " is of a newer release");
    }
    UUID id = new UUID(fields.getLong(), fields.getLong());
    long term = fields.getLong();
    long baseRevision = fields.getLong();
    int count = fields.getInt();
    List<Record> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(RecordFrame.read(in, where));
    }
    if (in.hasRemaining()) {
      throw new CorruptRecordException(where + ": " + in.remaining() + " bytes too many");
    }
    return new Proposal(id, term, baseRevision, records);
  }
}
