package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The receiver of one pipe, asked on behalf of one region. Calls block; one thread at a time. */
public interface Receiver extends AutoCloseable {
  UUID clusterId();

  /** {@code host:port} of the node that is asked. */
  String named();

  /**
   * One for each span, in order: at least one, perhaps of the first ones only.
   *
   * @param parts no more than {@link io.sluice.common.sync.digest.DigestLimits} allow
   * @throws StatusException saying why it cannot be asked
   */
  List<RangeHash> ranges(List<DigestSpans> parts) throws StatusException;

  /** The span's first rows. */
  RowPage rows(DigestPart part, TimeSpan span) throws StatusException;

  /**
   * Its rotten files that hold nothing but this cluster's rows; some of them when there are many.
   */
  List<RottenFile> rotten() throws StatusException;

  /**
   * Brings what the region has of a rotten file's times.
   *
   * @param rows null: none that are not there already
   * @param sentFromMs rows before it are not here any more, or not sent
   */
  Mended mend(RottenFile file, RowsFiles.Written rows, long sentFromMs) throws StatusException;

  /** Of questions and answers so far, both ways. */
  long exchangedBytes();

  @Override
  void close();

  /** How receivers are reached. */
  interface Reaching {
    /**
     * @param region of this cluster
     * @param database the region's
     * @param alsoAt where the region's feed reaches the receiver, at each moment
     * @throws StatusException saying why it is not reached, or cannot compare
     */
    Receiver reach(
        long pipeNumber, UUID region, String database, Supplier<List<Frame.Address>> alsoAt)
        throws StatusException;
  }
}
