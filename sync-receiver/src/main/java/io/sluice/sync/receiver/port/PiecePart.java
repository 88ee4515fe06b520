package io.sluice.sync.receiver.port;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What one target region gets of a piece. */
public interface PiecePart extends AutoCloseable {
  /** The region it belongs to. */
  UUID target();

  /**
   * Applies the part by compare-and-set on the target's record of {@code source}: only if it is
   * {@code expect} (null: none), and then it is {@code set}. Already being {@code set} is success.
   *
   * @param via how the piece had come to the source's cluster
   * @return never completes exceptionally
   */
  CompletableFuture<LoadOutcome> load(
      Source source, Route via, AppliedRecord expect, AppliedRecord set);

  /** Deletes what was written for this part alone; called after the load has completed. */
  @Override
  void close();
}
