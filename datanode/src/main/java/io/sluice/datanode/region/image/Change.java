package io.sluice.datanode.region.image;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import java.util.List;
import java.util.UUID;

/**
 * One change of a region's image: what applying an entry decides, and what the manifest records.
 * {@link RegionImage#replay} is the only thing that carries one out.
 */
public sealed interface Change {
  /** New series of a device; {@code aligned} is the device's, when it exists already. */
  record SeriesAdded(String device, boolean aligned, List<SeriesSpec> specs) implements Change {}

  record SeriesRemoved(String device, List<String> measurements) implements Change {}

  /** Points of these series are hidden from now on. */
  record PointsHidden(String device, List<String> measurements, Hidden hidden) implements Change {}

  /** Rows of this device came from there for the first time, see {@link DeviceSchema#origins}. */
  record DeviceWritten(String device, UUID origin) implements Change {}

  /** {@code record} null: the source has none any more. */
  record RecordSet(Source source, AppliedRecord record) implements Change {}

  record LedgerSet(Ledger ledger) implements Change {}

  record LedgerRemoved(Source source) implements Change {}

  record LeaderBegan(long firstIndex, long number) implements Change {}

  /** Series a pipe holds back, or that are to rejoin it, as they are now. */
  record SeriesHeld(long pipeNumber, List<HeldSeries> series) implements Change {}

  /** A pipe is to send rows once more. */
  record ResendAsked(long pipeNumber, Resend resend) implements Change {}

  /** A pipe holds nothing back any more: it is no more. */
  record PipeForgotten(long pipeNumber) implements Change {}

  /** The region's database was dropped: nothing comes in any more. */
  record DatabaseDropped(long index) implements Change {}

  /** A file is part of the region: one that was loaded, or the points of a sealed memtable. */
  record FileAdded(SealedFile file) implements Change {}

  /**
   * Files have become fewer, with the same points but for those that have expired.
   *
   * @param ends of the files that are no more
   * @param merged the files in their place; their ends are among {@code ends}
   */
  record FilesMerged(List<Long> ends, List<SealedFile> merged) implements Change {
    public FilesMerged {
      ends = List.copyOf(ends);
      merged = List.copyOf(merged);
    }
  }

  /**
   * The image is now that of this term and index.
   *
   * @param lastDataIndex the last entry up to there that changed points or schema, 0 for none
   */
  record Advanced(long term, long index, long lastDataIndex) implements Change {}
}
