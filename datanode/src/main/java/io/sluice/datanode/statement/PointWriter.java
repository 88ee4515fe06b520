package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Brings points to their regions. Rows of one call go as one entry per region, the regions side by
 * side; what one region gets keeps the call's order. Answers once everything is decided. A row some
 * values of which are no values of their series is refused, with the others of it written.
 * Thread-safe.
 */
public final class PointWriter {
  /** Rows of one entry; the limit keeps it far below the log's own. */
  static final int ENTRY_ROWS_MAX = 1_000;

  /** Estimated bytes of one entry of rows. */
  static final long ENTRY_BYTES_MAX = 1 << 20;

  private final ClusterRegions regions;
  private final DefaultStorage storage;
  private final SeriesTypes types;

  PointWriter(ClusterRegions regions, DefaultStorage storage, SeriesTypes types) {
    this.regions = regions;
    this.storage = storage;
    this.types = types;
  }

  /** How series are stored that a write creates. */
  public DefaultStorage storage() {
    return storage;
  }

  /** Outcomes in the order of the tablets. */
  public List<WriteOutcome> writeTablets(List<LogEntry.InsertTablet> tablets) {
    List<CompletableFuture<WriteOutcome>> pending = new ArrayList<>();
    for (LogEntry.InsertTablet tablet : tablets) {
      pending.add(propose(tablet.device(), tablet));
    }
    return pending.stream().map(CompletableFuture::join).toList();
  }

  public WriteOutcome writeTablet(LogEntry.InsertTablet tablet) {
    return propose(tablet.device(), tablet).join();
  }

  /** Outcomes in the order of the rows; one refused row does not keep others back. */
  public List<WriteOutcome> writeRows(List<LogEntry.Row> rows) {
    WriteOutcome[] outcomes = new WriteOutcome[rows.size()];
    Map<UUID, List<Integer>> byRegion = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).values().isEmpty()) {
        outcomes[i] = WriteOutcome.DONE;
        continue;
      }
      try {
        RegionAccess region = regions.regionForWriting(rows.get(i).device());
        byRegion.computeIfAbsent(region.id(), id -> new ArrayList<>()).add(i);
      } catch (StatusException e) {
        outcomes[i] = WriteOutcome.refused(e);
      }
    }
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    for (List<Integer> indexes : byRegion.values()) {
      pending.add(writeInOrder(rows, indexes, outcomes));
    }
    pending.forEach(CompletableFuture::join);
    if (rows.size() == 1 && outcomes[0].code() == StatusCode.METADATA_ERROR) {
      outcomes[0] = writeRest(rows.get(0), outcomes[0]);
    }
    return Arrays.asList(outcomes);
  }

  /** Rows of SQL or of texts: typed by their series, or as they are inferred. */
  public List<WriteOutcome> writeUntyped(List<UntypedRow> rows) {
    WriteOutcome[] outcomes = new WriteOutcome[rows.size()];
    RowTyping typing = new RowTyping(types, storage, rows);
    List<RowTyping.Typed> typed = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      try {
        typed.add(typing.of(rows.get(i)));
        indexes.add(i);
      } catch (StatusException e) {
        outcomes[i] = WriteOutcome.refused(e);
      }
    }
    List<WriteOutcome> written = writeRows(typed.stream().map(RowTyping.Typed::row).toList());
    for (int i = 0; i < typed.size(); i++) {
      WriteOutcome outcome = typed.get(i).outcome(written.get(i));
      outcomes[indexes.get(i)] =
          outcome.done() || outcome.again()
              ? outcome
              : lookedUpAgain(typing, rows.get(indexes.get(i)), typed.get(i).row(), outcome);
    }
    return Arrays.asList(outcomes);
  }

  /** A refusal may come from types that have changed since they were looked up. */
  private WriteOutcome lookedUpAgain(
      RowTyping typing, UntypedRow row, LogEntry.Row before, WriteOutcome refusal) {
    types.forget(row.device());
    try {
      RowTyping.Typed now = typing.of(row);
      return now.row().columns().equals(before.columns())
          ? refusal
          : now.outcome(writeRows(List.of(now.row())).get(0));
    } catch (StatusException e) {
      return WriteOutcome.refused(e);
    }
  }

  private CompletableFuture<Void> writeInOrder(
      List<LogEntry.Row> rows, List<Integer> indexes, WriteOutcome[] outcomes) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    int from = 0;
    while (from < indexes.size()) {
      int to = from;
      long bytes = 0;
      while (to < indexes.size() && to - from < ENTRY_ROWS_MAX && bytes < ENTRY_BYTES_MAX) {
        bytes += RowBytes.estimate(rows.get(indexes.get(to)));
        to++;
      }
      List<Integer> part = List.copyOf(indexes.subList(from, to));
      done = done.thenCompose(before -> writeEntry(rows, part, outcomes));
      from = to;
    }
    return done;
  }

  /** One bad row refuses an entry of many: halves then go one after the other, in order. */
  private CompletableFuture<Void> writeEntry(
      List<LogEntry.Row> rows, List<Integer> part, WriteOutcome[] outcomes) {
    List<LogEntry.Row> together = part.stream().map(rows::get).toList();
    return propose(together.get(0).device(), new LogEntry.InsertRows(together))
        .thenCompose(
            outcome -> {
              if (outcome.done() || outcome.again() || part.size() == 1) {
                part.forEach(i -> outcomes[i] = outcome);
                return CompletableFuture.completedFuture(null);
              }
              int half = part.size() / 2;
              return writeEntry(rows, part.subList(0, half), outcomes)
                  .thenCompose(
                      before -> writeEntry(rows, part.subList(half, part.size()), outcomes));
            });
  }

  /** Writes those values of a refused row whose types are right; it stays refused. */
  private WriteOutcome writeRest(LogEntry.Row row, WriteOutcome refusal) {
    types.forget(row.device());
    try {
      LogEntry.Row rest = RowTyping.withoutMistyped(row, types);
      if (rest.columns().isEmpty() || rest.columns().size() == row.columns().size()) {
        return refusal;
      }
      WriteOutcome written = propose(row.device(), new LogEntry.InsertRows(List.of(rest))).join();
      return written.again() ? written : refusal;
    } catch (StatusException e) {
      return WriteOutcome.refused(e);
    }
  }

  private CompletableFuture<WriteOutcome> propose(String device, LogEntry entry) {
    try {
      return regions.regionForWriting(device).propose(entry).thenApply(WriteOutcome::of);
    } catch (StatusException e) {
      return CompletableFuture.completedFuture(WriteOutcome.refused(e));
    }
  }
}
