package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.MetaMarker;
import org.apache.tsfile.file.header.ChunkHeader;
import org.apache.tsfile.file.metadata.statistics.Statistics;
import org.apache.tsfile.utils.ReadWriteForEncodingUtils;
import org.apache.tsfile.utils.ReadWriteIOUtils;

/**
 * Where a chunk's pages are and what times they hold, read without touching their bodies.
 *
 * @param header type, encoding and compression
 * @param bodyOffset file offset of the first byte behind the header
 * @param pages in the file's order
 */
record ChunkLayout(ChunkHeader header, long bodyOffset, List<Page> pages) {
  /** Enough for the headers of most chunks and pages; read again, larger, where it is not. */
  private static final int WINDOW_BYTES = 512;

  private static final int KIND_BITS = 0x3F;

  /** First and last; first, last, smallest and largest. */
  private static final int TEXT_VALUES = 2;

  private static final int STRING_VALUES = 4;

  /**
   * One page.
   *
   * @param offset file offset of its body
   * @param storedBytes length of the body
   * @param plainBytes its length once decompressed
   * @param firstTime of its points, as are {@code lastTime} and {@code points}; no meaning in an
   *     empty page of a value column, which has {@code points} 0
   */
  record Page(
      long offset, int storedBytes, int plainBytes, long firstTime, long lastTime, int points) {
    private Page at(long bodyOffset) {
      return new Page(bodyOffset, storedBytes, plainBytes, firstTime, lastTime, points);
    }
  }

  ChunkLayout {
    pages = List.copyOf(pages);
  }

  /** Reads the headers of a chunk and its pages. */
  static ChunkLayout read(OpenTsFile file, ChunkFacts chunk) throws IOException {
    return new Parser(file, chunk.offset()).parse(chunk);
  }

  /** The same without the pages: only the chunk's own header is read. */
  static ChunkLayout readHeader(OpenTsFile file, long offset) throws IOException {
    Parser parser = new Parser(file, offset);
    ChunkHeader header = parser.chunkHeader();
    return new ChunkLayout(header, parser.at, List.of());
  }

  private static final class Parser {
    private final OpenTsFile file;
    private long at;

    Parser(OpenTsFile file, long offset) {
      this.file = file;
      this.at = offset;
    }

    ChunkHeader chunkHeader() throws IOException {
      long offset = at;
      ChunkHeader header = parse(this::header, Long.MAX_VALUE);
      if (header.getDataSize() < 0 || at + header.getDataSize() > file.lengthBytes()) {
        throw new DamagedFileException(
            file.path(), "a chunk of " + header.getDataSize() + " bytes at " + offset);
      }
      return header;
    }

    ChunkLayout parse(ChunkFacts chunk) throws IOException {
      ChunkHeader header = chunkHeader();
      long bodyOffset = at;
      long end = at + header.getDataSize();
      boolean single = (header.getChunkType() & KIND_BITS) == MetaMarker.ONLY_ONE_PAGE_CHUNK_HEADER;
      List<Page> pages = new ArrayList<>();
      while (at < end) {
        Page page = parse(bytes -> page(bytes, header, single ? chunk : null), end);
        if (page.storedBytes() < 0 || page.plainBytes() < 0 || page.storedBytes() > end - at) {
          throw new DamagedFileException(
              file.path(), "a page of " + page.storedBytes() + " bytes at " + at);
        }
        // Its body begins where its header ended.
        pages.add(page.at(at));
        at += page.storedBytes();
      }
      check(chunk, pages);
      return new ChunkLayout(header, bodyOffset, pages);
    }

    /** The index and the page headers tell of the same points, or one of them is damaged. */
    private void check(ChunkFacts chunk, List<Page> pages) throws DamagedFileException {
      long points = 0;
      long last = chunk.firstTime();
      boolean inside = true;
      for (Page page : pages) {
        if (page.points() == 0) {
          continue;
        }
        inside &= page.points() > 0 && page.firstTime() <= page.lastTime();
        inside &= points == 0 ? page.firstTime() == last : page.firstTime() > last;
        last = page.lastTime();
        points += page.points();
      }
      if (!inside || last != chunk.lastTime() || points != chunk.points()) {
        throw new DamagedFileException(
            file.path(), "the pages of the chunk at " + chunk.offset() + " are not as indexed");
      }
    }

    /**
     * Reads a page's header. Of its statistics only times and count are wanted; the library would
     * allocate whatever lengths it finds in the rest.
     *
     * @param only the chunk, when this is its only page: it has no statistics of its own
     */
    private static Page page(ByteBuffer bytes, ChunkHeader header, ChunkFacts only) {
      int plain = ReadWriteForEncodingUtils.readUnsignedVarInt(bytes);
      if (plain == 0) {
        return new Page(0, 0, 0, 0, 0, 0);
      }
      int stored = ReadWriteForEncodingUtils.readUnsignedVarInt(bytes);
      if (only != null) {
        return new Page(0, stored, plain, only.firstTime(), only.lastTime(), only.points());
      }
      int points = ReadWriteForEncodingUtils.readUnsignedVarInt(bytes);
      long firstTime = bytes.getLong();
      long lastTime = bytes.getLong();
      skipValueStatistics(bytes, header.getDataType());
      return new Page(0, stored, plain, firstTime, lastTime, points);
    }

    private static void skipValueStatistics(ByteBuffer bytes, TSDataType type) {
      switch (type) {
        case TEXT -> skipValues(bytes, TEXT_VALUES);
        case STRING -> skipValues(bytes, STRING_VALUES);
        case BLOB -> skipValues(bytes, 0);
        default -> skip(bytes, Statistics.getStatsByType(type).getStatsSize());
      }
    }

    private static void skipValues(ByteBuffer bytes, int values) {
      for (int i = 0; i < values; i++) {
        skip(bytes, bytes.getInt());
      }
    }

    private static void skip(ByteBuffer bytes, int length) {
      if (length < 0) {
        throw new IllegalStateException("a length of " + length);
      }
      if (length > bytes.remaining()) {
        throw new BufferUnderflowException();
      }
      bytes.position(bytes.position() + length);
    }

    private ChunkHeader header(ByteBuffer bytes) {
      byte kind = bytes.get();
      String measurement = ReadWriteIOUtils.readVarIntString(bytes);
      int dataBytes = ReadWriteForEncodingUtils.readUnsignedVarInt(bytes);
      return new ChunkHeader(
          kind,
          measurement,
          dataBytes,
          ReadWriteIOUtils.readDataType(bytes),
          ReadWriteIOUtils.readCompressionType(bytes),
          ReadWriteIOUtils.readEncoding(bytes));
    }

    private interface Parse<T> {
      T from(ByteBuffer bytes);
    }

    /** Parses at {@link #at} and moves behind what was parsed, never beyond {@code end}. */
    private <T> T parse(Parse<T> parse, long end) throws IOException {
      long limit = Math.min(end, file.lengthBytes());
      for (long window = WINDOW_BYTES; ; window *= 8) {
        int length = (int) Math.min(Math.min(window, Integer.MAX_VALUE), limit - at);
        ByteBuffer bytes = file.read(at, length);
        try {
          T parsed = parse.from(bytes);
          at += bytes.position();
          return parsed;
        } catch (BufferUnderflowException e) {
          if (at + length >= limit) {
            throw new DamagedFileException(file.path(), "a header at " + at + " has no end", e);
          }
        } catch (RuntimeException e) {
          if (at + length >= limit || window > WINDOW_BYTES) {
            throw new DamagedFileException(file.path(), "a header at " + at, e);
          }
        }
      }
    }
  }
}
