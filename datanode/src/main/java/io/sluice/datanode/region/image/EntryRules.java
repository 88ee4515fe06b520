package io.sluice.datanode.region.image;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Conflicts;
import io.sluice.datanode.region.ApplyResult.RecordMismatch;
import io.sluice.datanode.region.ApplyResult.Refused;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntry.CreateSeries;
import io.sluice.datanode.region.entry.LogEntry.DeleteData;
import io.sluice.datanode.region.entry.LogEntry.DeleteSeries;
import io.sluice.datanode.region.entry.LogEntry.DropDatabase;
import io.sluice.datanode.region.entry.LogEntry.FileOrder;
import io.sluice.datanode.region.entry.LogEntry.ForgetPipe;
import io.sluice.datanode.region.entry.LogEntry.ForgetSource;
import io.sluice.datanode.region.entry.LogEntry.HoldBack;
import io.sluice.datanode.region.entry.LogEntry.LoadDeletion;
import io.sluice.datanode.region.entry.LogEntry.LoadFile;
import io.sluice.datanode.region.entry.LogEntry.NewLeader;
import io.sluice.datanode.region.entry.LogEntry.Rejoin;
import io.sluice.datanode.region.entry.LogEntry.SendAgain;
import io.sluice.datanode.region.entry.LogEntry.WriteLedger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What becomes of every entry that brings no points: a function of the image and the entry. */
public final class EntryRules {
  private EntryRules() {}

  /**
   * @param result what the proposer is answered
   * @param changes to replay, none when refused
   * @param devices whose rows in memory must be sealed before the changes: a deletion or a loaded
   *     file must stand after them
   * @param sealsAll whether all rows in memory must be sealed before the changes
   * @param changesData whether points or schema change, or a pipe has more to send
   */
  public record Decision(
      ApplyResult result,
      List<Change> changes,
      Set<String> devices,
      boolean sealsAll,
      boolean changesData) {
    static Decision answer(ApplyResult result) {
      return new Decision(result, List.of(), Set.of(), false, false);
    }

    static Decision bookkeeping(long index, List<Change> changes) {
      return new Decision(new Applied(index), changes, Set.of(), false, false);
    }
  }

  /** {@code entry} is none of InsertTablet, InsertRows and Seal. */
  public static Decision decide(RegionImage image, long index, LogEntry entry) {
    if (image.dropped() && comesIn(entry)) {
      return Decision.answer(dropped());
    } else if (entry instanceof CreateSeries create) {
      return create(image, index, create);
    } else if (entry instanceof DropDatabase) {
      return drop(image, index);
    } else if (entry instanceof DeleteSeries delete) {
      return hide(image.series(delete.patterns()), TimeRange.ALL, index, true);
    } else if (entry instanceof DeleteData delete) {
      return hide(image.series(delete.patterns()), delete.range(), index, false);
    } else if (entry instanceof LoadFile load) {
      return load(image, index, load);
    } else if (entry instanceof LoadDeletion load) {
      return deleteFrom(image, index, load);
    } else if (entry instanceof NewLeader leader) {
      return Decision.bookkeeping(index, List.of(new Change.LeaderBegan(index, leader.number())));
    } else if (entry instanceof WriteLedger write) {
      return writeLedger(image, index, write);
    } else if (entry instanceof ForgetSource forget) {
      return forget(image, index, forget);
    } else if (entry instanceof HoldBack hold) {
      return holdBack(image, index, hold);
    } else if (entry instanceof Rejoin rejoin) {
      return rejoin(image, index, rejoin.pipeNumber());
    } else if (entry instanceof ForgetPipe forget) {
      boolean known = image.quarantine().pipes().contains(forget.pipeNumber());
      return Decision.bookkeeping(
          index, known ? List.of(new Change.PipeForgotten(forget.pipeNumber())) : List.of());
    } else if (entry instanceof FileOrder) {
      // What it orders is done later, beside the log.
      return Decision.bookkeeping(index, List.of());
    } else if (entry instanceof SendAgain again) {
      return sendAgain(index, again);
    }
    throw new IllegalArgumentException("no rule for " + entry.getClass());
  }

  private static boolean comesIn(LogEntry entry) {
    return entry instanceof CreateSeries
        || entry instanceof LoadFile
        || entry instanceof LoadDeletion
        || entry instanceof WriteLedger;
  }

  /** What everything that would bring something into a dropped database is answered. */
  public static Refused dropped() {
    return new Refused(StatusCode.DATABASE_NOT_EXIST, "The database of this region was dropped");
  }

  /** All that was written stands before it, so that pipes can ship it as it was. */
  private static Decision drop(RegionImage image, long index) {
    if (image.dropped()) {
      return Decision.answer(new Applied(index));
    }
    List<SeriesInfo> all = image.series(List.of(PathPattern.parse("root.**")));
    List<Change> changes = new ArrayList<>();
    changes.addAll(hide(all, TimeRange.ALL, index, true).changes());
    changes.add(new Change.DatabaseDropped(index));
    return new Decision(new Applied(index), changes, Set.of(), true, true);
  }

  private static Decision create(RegionImage image, long index, CreateSeries create) {
    SchemaDraft draft = new SchemaDraft(image.schema(), DeviceSchema.HERE);
    for (SeriesInfo info : create.series()) {
      if (image.series(info.key()).isPresent()) {
        if (create.ifNotExists()) {
          continue;
        }
        return Decision.answer(
            new Refused(
                StatusCode.SERIES_ALREADY_EXISTS,
                "Path [" + info.key().path() + "] already exist"));
      }
      Refused refusal = draft.require(info.device(), info.aligned(), info.spec());
      if (refusal != null) {
        return Decision.answer(refusal);
      }
    }
    List<Change> changes = draft.changes();
    return new Decision(new Applied(index), changes, Set.of(), false, !changes.isEmpty());
  }

  private static Decision hide(
      List<SeriesInfo> series, TimeRange range, long index, boolean removeSeries) {
    if (range.empty() || series.isEmpty()) {
      return Decision.answer(new Applied(index));
    }
    Map<String, List<String>> byDevice = new LinkedHashMap<>();
    for (SeriesInfo info : series) {
      byDevice
          .computeIfAbsent(info.device(), device -> new ArrayList<>())
          .add(info.spec().measurement());
    }
    List<Change> changes = new ArrayList<>();
    byDevice.forEach(
        (device, measurements) -> {
          Hidden hidden = new Hidden(range, index, Route.HERE, removeSeries);
          changes.add(new Change.PointsHidden(device, measurements, hidden));
          if (removeSeries) {
            changes.add(new Change.SeriesRemoved(device, measurements));
          }
        });
    // A file that goes on beyond the deletion would be shipped after it, with rows from before it.
    return new Decision(new Applied(index), changes, Set.of(), true, true);
  }

  private static Decision load(RegionImage image, long index, LoadFile load) {
    AppliedRecord now = image.records().get(load.source());
    if (load.set().equals(now)) {
      return Decision.answer(new Applied(index));
    }
    if (!Objects.equals(now, load.expect())) {
      return Decision.answer(new RecordMismatch(now));
    }
    SchemaDraft draft = new SchemaDraft(image.schema(), load.source().clusterId());
    Set<String> devices = new LinkedHashSet<>();
    List<SeriesConflict> conflicts = new ArrayList<>();
    for (SeriesInfo info : load.series()) {
      devices.add(info.device());
      Refused refusal = draft.require(info.device(), info.aligned(), info.spec());
      if (refusal != null) {
        conflicts.add(
            new SeriesConflict(info.device(), info.spec().measurement(), refusal.message()));
      }
    }
    if (!conflicts.isEmpty()) {
      return Decision.answer(new Conflicts(conflicts));
    }
    List<Change> changes = new ArrayList<>(draft.changes());
    changes.add(new Change.RecordSet(load.source(), load.set()));
    return new Decision(new Applied(index), changes, devices, false, true);
  }

  /** Hides what came the same way; a series nobody else knows goes with its points. */
  private static Decision deleteFrom(RegionImage image, long index, LoadDeletion load) {
    AppliedRecord now = image.records().get(load.source());
    if (load.set().equals(now)) {
      return Decision.answer(new Applied(index));
    }
    if (!Objects.equals(now, load.expect())) {
      return Decision.answer(new RecordMismatch(now));
    }
    UUID origin = load.source().clusterId();
    List<Change> changes = new ArrayList<>();
    for (Deletion.Device deleted : load.deletion().devices()) {
      DeviceSchema device = image.schema().get(deleted.device());
      List<String> known = device == null ? List.of() : known(device, deleted.measurements());
      if (!known.isEmpty()) {
        boolean removes = load.deletion().series() && device.onlyFrom(origin);
        Hidden hidden = new Hidden(load.deletion().range(), index, load.route(), removes);
        changes.add(new Change.PointsHidden(device.device(), known, hidden));
        if (removes) {
          changes.add(new Change.SeriesRemoved(device.device(), known));
        }
      }
    }
    boolean changesData = !changes.isEmpty();
    changes.add(new Change.RecordSet(load.source(), load.set()));
    // As with a client's: it may go on through a pipe from here.
    return new Decision(new Applied(index), changes, Set.of(), changesData, changesData);
  }

  private static List<String> known(DeviceSchema device, List<String> measurements) {
    return measurements.stream().filter(one -> device.spec(one) != null).toList();
  }

  private static Decision writeLedger(RegionImage image, long index, WriteLedger write) {
    Ledger now = image.ledgers().get(write.ledger().source());
    long session = now == null ? 0 : now.session();
    if (session != write.expectSession()) {
      return Decision.answer(
          new Refused(
              StatusCode.PIPE_ERROR,
              "the ledger of "
                  + write.ledger().source()
                  + " belongs to session "
                  + session
                  + ", not to "
                  + write.expectSession()));
    }
    AppliedRecord record = image.records().get(write.ledger().source());
    if (record != null
        && record.isDropped()
        && record.pipeNumber() == write.ledger().pipeNumber()) {
      return Decision.answer(
          new Refused(
              StatusCode.PIPE_ERROR, "pipe " + write.ledger().pipeNumber() + " has been dropped"));
    }
    if (now != null
        && now.session() == write.ledger().session()
        && now.position() > write.ledger().position()) {
      return Decision.answer(
          new Refused(
              StatusCode.PIPE_ERROR,
              "its session has come to "
                  + now.position()
                  + " already, "
                  + write.ledger().position()
                  + " was late"));
    }
    return Decision.bookkeeping(index, List.of(new Change.LedgerSet(write.ledger())));
  }

  /** A late first piece, or a late handshake, of the dropped pipe finds the mark it leaves. */
  private static Decision forget(RegionImage image, long index, ForgetSource forget) {
    List<Change> changes = new ArrayList<>();
    AppliedRecord record = image.records().get(forget.source());
    AppliedRecord mark = AppliedRecord.dropped(forget.pipeNumber());
    boolean later = record != null && record.pipeNumber() > forget.pipeNumber();
    if (!later && !mark.equals(record)) {
      changes.add(new Change.RecordSet(forget.source(), mark));
    }
    Ledger ledger = image.ledgers().get(forget.source());
    if (ledger != null && ledger.pipeNumber() <= forget.pipeNumber()) {
      changes.add(new Change.LedgerRemoved(forget.source()));
    }
    return Decision.bookkeeping(index, changes);
  }

  private static Decision holdBack(RegionImage image, long index, HoldBack hold) {
    Quarantine now = image.quarantine();
    List<HeldSeries> held =
        now.refused(hold.pipeNumber(), hold.sinceIndex(), hold.atMs(), hold.series());
    if (now.sizeWith(hold.pipeNumber(), held) > Quarantine.SERIES_MAX) {
      return Decision.answer(
          new Refused(
              StatusCode.PIPE_ERROR,
              "a pipe holds back at most " + Quarantine.SERIES_MAX + " series of a region"));
    }
    return Decision.bookkeeping(index, List.of(new Change.SeriesHeld(hold.pipeNumber(), held)));
  }

  /** As {@link #rejoin}: no range lies across the index. */
  private static Decision sendAgain(long index, SendAgain again) {
    if (again.parts().size() > Quarantine.RESEND_PARTS_MAX) {
      return Decision.answer(
          new Refused(
              StatusCode.PIPE_ERROR,
              "at most " + Quarantine.RESEND_PARTS_MAX + " stretches are sent again at once"));
    }
    Resend resend = new Resend(index, again.parts());
    List<Change> changes = List.of(new Change.ResendAsked(again.pipeNumber(), resend));
    return new Decision(new Applied(index), changes, Set.of(), true, true);
  }

  /** What was written before is sealed, so that no range lies across the index. */
  private static Decision rejoin(RegionImage image, long index, long pipeNumber) {
    List<HeldSeries> held = image.quarantine().rejoining(pipeNumber, index);
    if (held.isEmpty()) {
      return Decision.answer(new Applied(index));
    }
    List<Change> changes = List.of(new Change.SeriesHeld(pipeNumber, held));
    return new Decision(new Applied(index), changes, Set.of(), true, true);
  }
}
