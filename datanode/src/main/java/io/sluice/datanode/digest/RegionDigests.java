package io.sluice.datanode.digest;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.read.ViewPart;
import io.sluice.datanode.region.RegionView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;

/** Answers one query from one view of a region. Not thread-safe. */
public final class RegionDigests {
  private final RegionView view;
  private final RegionReader reader;
  private final DigestQuery query;

  /** The series of the part that exist, in its order. */
  private final List<SeriesKey> keys = new ArrayList<>();

  private final List<TSDataType> types = new ArrayList<>();
  private final HashInput hash = new HashInput();
  private final RowBytes rowBytes;
  private final List<SpanDigest> digests = new ArrayList<>();

  /** Read for this answer so far. */
  private long points;

  private RegionDigests(RegionView view, RegionReader reader, DigestQuery query) {
    this.view =
        query.withoutOrigin() == null
            ? ViewPart.ofRanges(view, 0, ViewPart.EVERYTHING)
            : ViewPart.without(view, query.withoutOrigin());
    this.reader = reader;
    this.query = query;
    for (String measurement : query.part().measurements()) {
      SeriesKey key = new SeriesKey(query.part().device(), measurement);
      view.series(key)
          .ifPresent(
              info -> {
                keys.add(key);
                types.add(info.spec().type());
              });
    }
    this.rowBytes = new RowBytes(keys.stream().map(SeriesKey::measurement).toList(), types, hash);
  }

  /**
   * @param view stays the caller's to close
   * @throws StatusException when the rows cannot be read
   */
  public static DigestAnswer of(RegionView view, RegionReader reader, DigestQuery query)
      throws StatusException {
    RegionDigests digests = new RegionDigests(view, reader, query);
    return switch (query.cut()) {
      case AS_ASKED -> digests.asAsked();
      case EVERY_ROWS -> digests.everyRows(query.spans().get(0), query.rowsPerCut());
      case ROWS -> digests.rows(query.spans().get(0));
    };
  }

  private RowBlocks scan(TimeSpan span) throws StatusException {
    TimeRange times = new TimeRange(span.first(), span.last());
    return reader.scan(view, new ScanRequest(keys, types, times, false, 0));
  }

  private boolean nothingKnown() {
    return keys.isEmpty();
  }

  private void add(TimeSpan span, long rows) {
    ByteBuffer bytes = hash.hash();
    digests.add(new SpanDigest(span, new RangeHash(rows, bytes.getLong(), bytes.getLong())));
  }

  private DigestAnswer asAsked() throws StatusException {
    for (TimeSpan span : query.spans()) {
      if (points >= DigestLimits.ANSWER_POINTS) {
        return new DigestAnswer(digests, false);
      }
      whole(span);
    }
    return new DigestAnswer(digests, true);
  }

  private void whole(TimeSpan span) throws StatusException {
    if (nothingKnown()) {
      add(span, 0);
      return;
    }
    long rows = 0;
    long before = points;
    try (RowBlocks blocks = scan(span)) {
      for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
        for (int row = 0; row < block.getPositionCount(); row++) {
          points += rowBytes.write(block, row);
        }
        rows += block.getPositionCount();
        if (points - before > DigestLimits.SPAN_POINTS_MAX) {
          hash.hash();
          digests.add(new SpanDigest(span, RangeHash.tooMany()));
          return;
        }
      }
    }
    add(span, rows);
  }

  private DigestAnswer everyRows(TimeSpan span, int rowsPerCut) throws StatusException {
    long from = span.first();
    long rows = 0;
    long last = 0;
    if (!nothingKnown()) {
      try (RowBlocks blocks = scan(span)) {
        for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
          for (int row = 0; row < block.getPositionCount(); row++) {
            if (rows == rowsPerCut) {
              add(new TimeSpan(from, last), rows);
              from = last + 1;
              rows = 0;
              if (points >= DigestLimits.ANSWER_POINTS
                  || digests.size() == DigestLimits.SPANS_MAX) {
                return new DigestAnswer(digests, false);
              }
            }
            points += rowBytes.write(block, row);
            last = block.getTimeByIndex(row);
            rows++;
          }
        }
      }
    }
    add(new TimeSpan(from, span.last()), rows);
    return new DigestAnswer(digests, true);
  }

  private DigestAnswer rows(TimeSpan span) throws StatusException {
    if (nothingKnown()) {
      return new DigestAnswer(List.of(), true);
    }
    try (RowBlocks blocks = scan(span)) {
      for (TsBlock block = blocks.next(); block != null; block = blocks.next()) {
        for (int row = 0; row < block.getPositionCount(); row++) {
          if (digests.size() == DigestLimits.PAGE_ROWS_MAX) {
            return new DigestAnswer(digests, false);
          }
          long time = block.getTimeByIndex(row);
          rowBytes.write(block, row);
          digests.add(
              new SpanDigest(new TimeSpan(time, time), new RangeHash(1, hash.hash().getLong(), 0)));
        }
      }
    }
    return new DigestAnswer(digests, true);
  }
}
