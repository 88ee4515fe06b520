package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tsfile.compress.IUnCompressor;
import org.apache.tsfile.encoding.decoder.Decoder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.header.ChunkHeader;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;
import org.apache.tsfile.utils.ReadWriteForEncodingUtils;

/**
 * Turns a page's bytes into primitive arrays, and compares what comes out with the page's
 * statistics: TsFiles have no checksums, a decoder makes numbers out of anything. Stateless.
 */
final class PageDecoder {
  /** Above the largest frame a client may send, which bounds a single value. */
  private static final int PLAIN_BYTES_MAX = 128 << 20;

  private static final int FIRST_BIT = 0x80;

  private PageDecoder() {}

  /** A page of a series that is not aligned. */
  static PointBatch points(OpenTsFile file, ChunkHeader header, ChunkLayout.Page page)
      throws IOException {
    return decode(
        file,
        header,
        page,
        body -> {
          int timeBytes = ReadWriteForEncodingUtils.readUnsignedVarInt(body);
          ByteBuffer times = body.slice(body.position(), timeBytes);
          body.position(body.position() + timeBytes);
          long[] decoded = times(times, TSEncoding.TS_2DIFF, page.points());
          Object values = values(body, header, page.points());
          PointBatch points = new PointBatch(header.getDataType(), decoded, values, page.points());
          checkTimes(file, page, points);
          return points;
        });
  }

  /** A page of an aligned device's time column. */
  static long[] times(OpenTsFile file, ChunkHeader header, ChunkLayout.Page page)
      throws IOException {
    return decode(
        file,
        header,
        page,
        body -> {
          long[] times = times(body, header.getEncodingType(), page.points());
          checkTimes(file, page, new PointBatch(TSDataType.INT64, times, times, times.length));
          return times;
        });
  }

  /**
   * A page of an aligned device's value column, as the points it has.
   *
   * @param times all rows of the page
   */
  static PointBatch points(OpenTsFile file, ChunkHeader header, ChunkLayout.Page page, long[] times)
      throws IOException {
    if (page.points() == 0) {
      Object none = PointBatch.newValues(header.getDataType(), 0);
      return new PointBatch(header.getDataType(), new long[0], none, 0);
    }
    return decode(
        file,
        header,
        page,
        body -> {
          int rows = body.getInt();
          if (rows != times.length) {
            throw new IllegalStateException(rows + " rows of " + times.length);
          }
          byte[] present = new byte[(rows + 7) / 8];
          body.get(present);
          long[] own = timesOf(times, present, page.points());
          Object values = values(body.slice(), header, page.points());
          PointBatch points = new PointBatch(header.getDataType(), own, values, page.points());
          checkTimes(file, page, points);
          return points;
        });
  }

  private interface Decode<T> {
    T from(ByteBuffer body) throws IOException;
  }

  /** Errors of reading come out as they are, errors of decoding as damage. */
  private static <T> T decode(
      OpenTsFile file, ChunkHeader header, ChunkLayout.Page page, Decode<T> decode)
      throws IOException {
    if (page.plainBytes() > PLAIN_BYTES_MAX || page.points() < 1) {
      throw new DamagedFileException(
          file.path(),
          page.points() + " points in " + page.plainBytes() + " bytes at " + page.offset());
    }
    ByteBuffer stored = file.read(page.offset(), page.storedBytes());
    try {
      return decode.from(plain(header, page, stored));
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new DamagedFileException(
          file.path(), "the page at " + page.offset() + " cannot be decoded", e);
    }
  }

  private static long[] timesOf(long[] times, byte[] present, int points) {
    if (points == times.length) {
      int set = 0;
      for (byte eight : present) {
        set += Integer.bitCount(eight & 0xFF);
      }
      if (set == points) {
        return times;
      }
    }
    long[] own = new long[points];
    int next = 0;
    for (int row = 0; row < times.length; row++) {
      if ((present[row / 8] & (FIRST_BIT >>> (row % 8))) != 0) {
        own[next++] = times[row];
      }
    }
    if (next != points) {
      throw new IllegalStateException(next + " rows have a value, not " + points);
    }
    return own;
  }

  private static ByteBuffer plain(ChunkHeader header, ChunkLayout.Page page, ByteBuffer stored)
      throws IOException {
    CompressionType compression = header.getCompressionType();
    if (compression == CompressionType.UNCOMPRESSED) {
      return stored;
    }
    IUnCompressor codec = IUnCompressor.getUnCompressor(compression);
    byte[] bytes = stored.array();
    // Snappy's native code writes as much as the data says, whatever room there is.
    if (compression == CompressionType.SNAPPY
        && codec.getUncompressedLength(bytes, 0, bytes.length) != page.plainBytes()) {
      throw new IllegalStateException("it is not " + page.plainBytes() + " bytes long");
    }
    byte[] plain = new byte[page.plainBytes()];
    int length = codec.uncompress(bytes, 0, bytes.length, plain, 0);
    if (length != plain.length) {
      throw new IllegalStateException(length + " bytes of " + plain.length);
    }
    return ByteBuffer.wrap(plain);
  }

  private static long[] times(ByteBuffer bytes, TSEncoding encoding, int count) {
    long[] times = new long[count];
    if (encoding == TSEncoding.TS_2DIFF) {
      TwoDiffPages.decode(bytes, times);
      return times;
    }
    Decoder decoder = Decoder.getDecoderByType(encoding, TSDataType.INT64);
    for (int i = 0; i < count; i++) {
      times[i] = decoder.readLong(bytes);
    }
    return times;
  }

  private static Object values(ByteBuffer bytes, ChunkHeader header, int count) {
    TSDataType type = header.getDataType();
    TSEncoding encoding = header.getEncodingType();
    Object values = PointBatch.newValues(type, count);
    if (encoding == TSEncoding.TS_2DIFF && values instanceof long[] longs) {
      TwoDiffPages.decode(bytes, longs);
      return values;
    }
    if (encoding == TSEncoding.TS_2DIFF && values instanceof int[] ints) {
      TwoDiffPages.decode(bytes, ints);
      return values;
    }
    if (encoding == TSEncoding.PLAIN && values instanceof Binary[] binaries) {
      readPlain(bytes, binaries);
      return values;
    }
    Decoder decoder = Decoder.getDecoderByType(encoding, type);
    if (values instanceof double[] doubles) {
      for (int i = 0; i < count; i++) {
        doubles[i] = decoder.readDouble(bytes);
      }
    } else if (values instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        floats[i] = decoder.readFloat(bytes);
      }
    } else if (values instanceof int[] ints) {
      for (int i = 0; i < count; i++) {
        ints[i] = decoder.readInt(bytes);
      }
    } else if (values instanceof long[] longs) {
      for (int i = 0; i < count; i++) {
        longs[i] = decoder.readLong(bytes);
      }
    } else if (values instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        booleans[i] = decoder.readBoolean(bytes);
      }
    } else {
      Binary[] binaries = (Binary[]) values;
      for (int i = 0; i < count; i++) {
        binaries[i] = decoder.readBinary(bytes);
      }
    }
    return values;
  }

  /** As the library does, but a length is compared with what is there before it is allocated. */
  private static void readPlain(ByteBuffer bytes, Binary[] binaries) {
    for (int i = 0; i < binaries.length; i++) {
      int length = ReadWriteForEncodingUtils.readVarInt(bytes);
      if (length < 0 || length > bytes.remaining()) {
        throw new IllegalStateException("a value of " + length + " bytes");
      }
      byte[] value = new byte[length];
      bytes.get(value);
      binaries[i] = new Binary(value);
    }
  }

  private static void checkTimes(OpenTsFile file, ChunkLayout.Page page, PointBatch points)
      throws DamagedFileException {
    long[] times = points.times();
    int count = points.count();
    boolean ascending = true;
    for (int i = 1; i < count; i++) {
      ascending &= times[i - 1] < times[i];
    }
    if (!ascending || times[0] != page.firstTime() || times[count - 1] != page.lastTime()) {
      throw new DamagedFileException(
          file.path(),
          "the times of the page at " + page.offset() + " are not those of its statistics");
    }
  }
}
