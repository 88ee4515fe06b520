package io.sluice.datanode.cluster;

import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.status.StatusException;
import java.util.List;
import java.util.UUID;

/**
 * This node's senders, as the ConfigNode commands them. Thread-safe; no call waits for a sender.
 */
public interface PipeControl {
  /**
   * Does one step of a pipe statement; doing it twice is doing it once.
   *
   * @param pipe the pipe as it is to be after the operation
   */
  void operate(PipeOperation operation, PipeInfo pipe) throws StatusException;

  /** Takes over the whole table; older versions than the present one are ignored. */
  void replace(PipeTable table) throws StatusException;

  /** Version of the table this node has, -1 for none. */
  long tableVersion();

  /**
   * A ConfigNode has just been heard of. When {@code currentVersion} is {@link #tableVersion()},
   * this node's table is confirmed; senders rest once that is too long ago.
   */
  void heard(long currentVersion);

  /** Health of every running pipe as seen here. */
  List<PipeReport> reports();

  /** Pipes whose receivers have all of a region up to {@code index}, by what is known here. */
  List<Long> past(UUID region, long index);

  /** Every feed of a pipe here, as of now; may block for the regions. */
  List<FeedDetails> details(long pipeNumber);
}
