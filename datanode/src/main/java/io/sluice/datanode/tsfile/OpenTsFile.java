package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.tsfile.file.metadata.IDeviceID;
import org.apache.tsfile.file.metadata.TimeseriesMetadata;
import org.apache.tsfile.read.TsFileDeviceIterator;
import org.apache.tsfile.read.TsFileSequenceReader;

/**
 * One TsFile open for reading: its index through the library, its chunks as bytes. Whatever the
 * library throws at bytes it cannot make sense of comes out as {@link DamagedFileException}.
 * Thread-safe.
 */
final class OpenTsFile implements AutoCloseable {
  /** Magic and version at the head, index size and magic at the tail. */
  private static final int SMALLEST_BYTES = 6 + 1 + 4 + 6;

  private static final int CHECK_PIECE_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final long lengthBytes;
  private TsFileSequenceReader index;

  private OpenTsFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.lengthBytes = channel.size();
  }

  static OpenTsFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new OpenTsFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /** Index entries of a device's series with their chunks; empty when it is not in the file. */
  List<TimeseriesMetadata> series(IDeviceID device) throws IOException {
    return indexed(
        reader -> {
          // The library answers an unknown first segment with a null pointer.
          boolean known =
              reader
                  .readFileMetadata()
                  .getTableMetadataIndexNodeMap()
                  .containsKey(device.getTableName());
          return known ? reader.getDeviceTimeseriesMetadata(device) : List.of();
        });
  }

  /** Every device of the file, in the file's order. */
  List<IDeviceID> devices() throws IOException {
    return indexed(
        reader -> {
          List<IDeviceID> devices = new ArrayList<>();
          TsFileDeviceIterator all = reader.getAllDevicesIteratorWithIsAligned();
          while (all.hasNext()) {
            devices.add(all.next().left);
          }
          return devices;
        });
  }

  /**
   * Bytes {@code [offset, offset + length)}.
   *
   * @throws DamagedFileException when they are not all inside the file
   */
  ByteBuffer read(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > lengthBytes - length) {
      throw new DamagedFileException(
          path, length + " bytes at offset " + offset + " of " + lengthBytes);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new DamagedFileException(path, "it ends inside " + length + " bytes at " + offset);
      }
    }
    return bytes.flip();
  }

  /**
   * Reads all bytes and compares them with length and checksum.
   *
   * @throws DamagedFileException when it is not the file the key says
   */
  void check(FileKey key) throws IOException {
    check(key, bytes -> {});
  }

  /**
   * The same at a reader's pace.
   *
   * @param pace told after each piece, may take its time
   */
  void check(FileKey key, FileKey.Pace pace) throws IOException {
    if (lengthBytes != key.lengthBytes()) {
      throw new DamagedFileException(
          path, "it has " + lengthBytes + " bytes, not " + key.lengthBytes());
    }
    CRC32C crc = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocateDirect(CHECK_PIECE_BYTES);
    long at = 0;
    while (at < lengthBytes) {
      piece.clear();
      int read = channel.read(piece, at);
      if (read < 0) {
        throw new DamagedFileException(path, "it ends at " + at + ", not at " + lengthBytes);
      }
      at += read;
      crc.update(piece.flip());
      pace.read(read);
    }
    if ((int) crc.getValue() != key.crc32c()) {
      throw new DamagedFileException(path, "its checksum is not that of its bytes");
    }
  }

  private interface IndexRead<T> {
    T from(TsFileSequenceReader reader) throws IOException;
  }

  private synchronized <T> T indexed(IndexRead<T> read) throws IOException {
    try {
      if (index == null) {
        if (lengthBytes < SMALLEST_BYTES) {
          throw new DamagedFileException(path, "it has only " + lengthBytes + " bytes");
        }
        TsFileSequenceReader opened =
            new TsFileSequenceReader(new ChannelInput(path, channel), false);
        if (!opened.isComplete()) {
          throw new DamagedFileException(path, "it does not begin and end as a TsFile does");
        }
        opened.loadMetadataSize();
        if (opened.getTsFileMetadataSize() < 0 || opened.getFileMetadataPos() < 0) {
          throw new DamagedFileException(
              path, "an index root of " + opened.getTsFileMetadataSize() + " bytes");
        }
        index = opened;
      }
      return read.from(index);
    } catch (ClosedChannelException | DamagedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new DamagedFileException(path, "its index cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
