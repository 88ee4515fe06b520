package io.sluice.datanode.tsfile;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.tsfile.file.header.ChunkHeader;
import org.apache.tsfile.file.metadata.statistics.Statistics;
import org.apache.tsfile.write.writer.TsFileIOWriter;

/**
 * A TsFile being written under a temporary name beside its target. It gets its name by {@link
 * #commit}, once it is whole and on disk; closed before that, nothing of it is left. Not
 * thread-safe.
 */
final class NewTsFile implements AutoCloseable {
  private static final String TEMPORARY_SUFFIX = ".unfinished";
  private static final int MASK_BITS = 0xC0;
  private static final int PAGES_BITS = 0x3F;
  private static final int SINGLE_PAGE = 5;

  private final Path target;
  private final Path temporary;
  private final ChecksummedOutput output;
  private final TsFileIOWriter writer;
  private long firstTime = Long.MAX_VALUE;
  private long lastTime = Long.MIN_VALUE;
  private long points;
  private boolean committed;

  NewTsFile(Path target) throws IOException {
    this.target = target;
    this.temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    // Left by a process that was killed.
    Files.deleteIfExists(temporary);
    output = new ChecksummedOutput(temporary);
    try {
      writer = new TsFileIOWriter(output);
    } catch (IOException | RuntimeException e) {
      output.close();
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Where chunk groups and chunks go; what is written must be told to {@link #count}. */
  TsFileIOWriter writer() {
    return writer;
  }

  /** Adds {@code count} points between two times, both inclusive, to what the facts will say. */
  void count(long first, long last, long count) {
    firstTime = Math.min(firstTime, first);
    lastTime = Math.max(lastTime, last);
    points += count;
  }

  long points() {
    return points;
  }

  /** Writes a chunk of another file as it is; {@code pages} are its bytes after the header. */
  void copyChunk(ChunkHeader header, Statistics<?> statistics, ByteBuffer pages)
      throws IOException {
    // The library's own copying loses the mark of time and value columns.
    int pageCount = (header.getChunkType() & PAGES_BITS) == SINGLE_PAGE ? 1 : 2;
    writer.startFlushChunk(
        header.getMeasurementID(),
        header.getCompressionType(),
        header.getDataType(),
        header.getEncodingType(),
        statistics,
        pages.remaining(),
        pageCount,
        header.getChunkType() & MASK_BITS);
    output.write(pages);
    writer.endCurrentChunk();
  }

  /** Ends the file, makes it durable and gives it its name. */
  SealedFileWriter.Facts commit() throws IOException {
    writer.endFile();
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    try {
      DurableFiles.syncFolder(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
    committed = true;
    return new SealedFileWriter.Facts(
        output.getPosition(), output.crc32c(), new TimeRange(firstTime, lastTime), points);
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      output.close();
      Files.deleteIfExists(temporary);
    }
  }
}
