package io.sluice.datanode.cluster;

import io.sluice.common.rpc.FileChunkResp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** A file in parts with checksums, as nodes send it to each other. */
final class FileChunks {
  /** Longest chunk that is served, whatever is asked for. */
  static final int BYTES_MAX = 4 << 20;

  private FileChunks() {}

  /**
   * The bytes from {@code offset}, at most {@code lengthMax} and {@link #BYTES_MAX} of them; none
   * from {@code lengthBytes} on.
   *
   * @throws IllegalArgumentException for an offset or a length that makes no sense
   */
  static FileChunkResp read(FileChannel file, long lengthBytes, long offset, int lengthMax)
      throws IOException {
    if (offset < 0 || lengthMax <= 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + lengthMax);
    }
    long left = Math.max(0, lengthBytes - offset);
    ByteBuffer data = ByteBuffer.allocate((int) Math.min(left, Math.min(lengthMax, BYTES_MAX)));
    while (data.hasRemaining()) {
      if (file.read(data, offset + data.position()) < 0) {
        throw new IOException("the file ends before its length of " + lengthBytes + " bytes");
      }
    }
    data.flip();
    return new FileChunkResp(RegionMessages.OK).setData(data).setCrc32c(crc32c(data));
  }

  static int crc32c(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    return (int) crc.getValue();
  }
}
