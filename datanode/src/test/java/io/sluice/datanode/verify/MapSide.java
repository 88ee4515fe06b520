package io.sluice.datanode.verify;

import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/** Rows of devices in maps, as either side of a comparison. Answers are short on purpose. */
final class MapSide implements Here, Receiver {
  private static final int ANSWER_CUTS = 7;
  private static final int PAGE_ROWS = 50;

  final UUID id = UUID.randomUUID();
  final Map<String, TreeMap<Long, Long>> devices = new HashMap<>();

  /** What the other cluster's pipes brought, by device. */
  final Map<String, TreeMap<Long, Long>> brought = new HashMap<>();

  long hashesAsked;
  long rowsAsked;

  TreeMap<Long, Long> device(String name) {
    return devices.computeIfAbsent(name, key -> new TreeMap<>());
  }

  private NavigableMap<Long, Long> within(DigestPart part, TimeSpan span) {
    return device(part.device()).subMap(span.first(), true, span.last(), true);
  }

  private static RangeHash hash(NavigableMap<Long, Long> rows) {
    if (rows.isEmpty()) {
      return RangeHash.NONE;
    }
    long hash = 7;
    for (Map.Entry<Long, Long> row : rows.entrySet()) {
      hash = hash * 1_000_003 + row.getKey() * 31 + row.getValue();
    }
    return new RangeHash(rows.size(), hash, 0);
  }

  @Override
  public DigestAnswer digest(DigestQuery query) {
    TimeSpan span = query.spans().get(0);
    NavigableMap<Long, Long> rows = new TreeMap<>(within(query.part(), span));
    if (query.withoutOrigin() != null) {
      rows.entrySet()
          .removeAll(brought.getOrDefault(query.part().device(), new TreeMap<>()).entrySet());
    }
    List<SpanDigest> digests = new ArrayList<>();
    switch (query.cut()) {
      case AS_ASKED -> digests.add(new SpanDigest(span, hash(rows)));
      case ROWS -> {
        for (Map.Entry<Long, Long> row : rows.entrySet()) {
          if (digests.size() == PAGE_ROWS) {
            return new DigestAnswer(digests, false);
          }
          TimeSpan one = new TimeSpan(row.getKey(), row.getKey());
          digests.add(new SpanDigest(one, new RangeHash(1, row.getValue(), 0)));
        }
      }
      case EVERY_ROWS -> {
        long from = span.first();
        NavigableMap<Long, Long> cut = new TreeMap<>();
        for (Map.Entry<Long, Long> row : rows.entrySet()) {
          if (cut.size() == query.rowsPerCut()) {
            digests.add(new SpanDigest(new TimeSpan(from, cut.lastKey()), hash(cut)));
            from = cut.lastKey() + 1;
            cut.clear();
            if (digests.size() == ANSWER_CUTS) {
              return new DigestAnswer(digests, false);
            }
          }
          cut.put(row.getKey(), row.getValue());
        }
        digests.add(new SpanDigest(new TimeSpan(from, span.last()), hash(cut)));
      }
    }
    return new DigestAnswer(digests, true);
  }

  @Override
  public UUID clusterId() {
    return id;
  }

  @Override
  public String named() {
    return "map";
  }

  @Override
  public List<RangeHash> ranges(List<DigestSpans> parts) {
    List<RangeHash> hashes = new ArrayList<>();
    int asked = 0;
    for (DigestSpans part : parts) {
      for (TimeSpan span : part.spans()) {
        asked++;
        if (hashes.size() < ANSWER_CUTS) {
          hashes.add(hash(within(part.part(), span)));
        }
      }
    }
    if (asked > DigestLimits.SPANS_MAX) {
      throw new IllegalArgumentException(asked + " spans");
    }
    hashesAsked += hashes.size();
    return hashes;
  }

  @Override
  public RowPage rows(DigestPart part, TimeSpan span) {
    List<RowDigest> page =
        within(part, span).entrySet().stream()
            .limit(PAGE_ROWS)
            .map(row -> new RowDigest(row.getKey(), row.getValue()))
            .toList();
    rowsAsked += page.size();
    return new RowPage(page, page.size() == within(part, span).size());
  }

  @Override
  public List<RottenFile> rotten() {
    return List.of();
  }

  @Override
  public Mended mend(RottenFile file, RowsFiles.Written rows, long sentFromMs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long exchangedBytes() {
    return hashesAsked * 40 + rowsAsked * 16;
  }

  @Override
  public void close() {}
}
