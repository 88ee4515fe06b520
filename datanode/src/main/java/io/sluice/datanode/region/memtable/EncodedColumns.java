package io.sluice.datanode.region.memtable;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tsfile.compress.IUnCompressor;
import org.apache.tsfile.encoding.decoder.Decoder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;

/**
 * The encoded layout of a tablet: each column by its own TsFile encoder, one after another, the
 * whole then compressed and followed by its uncompressed length (int32). PLAIN int32, date and text
 * columns are laid out as in the plain layout. Columns must be read in order.
 */
final class EncodedColumns {
  private final InsertTablet tablet;
  private final int rows;
  private final ByteBuffer values;

  EncodedColumns(InsertTablet tablet) throws IOException, MalformedTabletException {
    this.tablet = tablet;
    this.rows = tablet.rows();
    if (tablet.layout().encodings().size() != tablet.columns().size() + 1) {
      throw new MalformedTabletException(
          tablet.layout().encodings().size() + " encodings for " + tablet.columns().size());
    }
    this.values = uncompress(tablet.values());
  }

  long[] times() throws IOException, MalformedTabletException {
    ByteBuffer in = uncompress(tablet.times());
    return (long[]) decode(in, tablet.layout().encodings().get(0), TSDataType.INT64);
  }

  Object column(int index) {
    TSEncoding encoding = tablet.layout().encodings().get(index + 1);
    return decode(values, encoding, tablet.columns().get(index).type());
  }

  /** What follows the columns read so far. */
  ByteBuffer values() {
    return values;
  }

  private ByteBuffer uncompress(ByteBuffer bytes) throws IOException, MalformedTabletException {
    CompressionType compression = tablet.layout().compression();
    ByteBuffer in = TabletDecoder.bigEndian(bytes);
    if (compression == CompressionType.UNCOMPRESSED) {
      return in;
    }
    int length = in.getInt(in.limit() - Integer.BYTES);
    if (length < 0 || length > TabletDecoder.DECODED_BYTES_MAX) {
      throw new MalformedTabletException("a tablet of " + length + " bytes when uncompressed");
    }
    byte[] packed = new byte[in.remaining() - Integer.BYTES];
    in.get(packed);
    byte[] plain = new byte[length];
    IUnCompressor.getUnCompressor(compression).uncompress(packed, 0, packed.length, plain, 0);
    return ByteBuffer.wrap(plain);
  }

  private Object decode(ByteBuffer in, TSEncoding encoding, TSDataType type) {
    boolean fixedLayout =
        switch (type) {
          case INT32, DATE, TEXT, STRING, BLOB -> true;
          default -> false;
        };
    if (encoding == TSEncoding.PLAIN && fixedLayout) {
      return TabletDecoder.readPlain(in, type, rows);
    }
    Decoder decoder = Decoder.getDecoderByType(encoding, type);
    Object column = PointBatch.newValues(type, rows);
    switch (type) {
      case BOOLEAN -> {
        boolean[] into = (boolean[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readBoolean(in);
        }
      }
      case INT32, DATE -> {
        int[] into = (int[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readInt(in);
        }
      }
      case INT64, TIMESTAMP -> {
        long[] into = (long[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readLong(in);
        }
      }
      case FLOAT -> {
        float[] into = (float[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readFloat(in);
        }
      }
      case DOUBLE -> {
        double[] into = (double[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readDouble(in);
        }
      }
      default -> {
        Binary[] into = (Binary[]) column;
        for (int i = 0; i < rows; i++) {
          into[i] = decoder.readBinary(in);
        }
      }
    }
    return column;
  }
}
