package io.sluice.common.sync;

/**
 * The last piece of a source that a receiver's region has applied: which pipe shipped it, on which
 * lineage, up to which log index of the sender's region. A piece is applied by compare-and-set on
 * this value.
 *
 * <p>What a piece holds depends on later entries too: points that have been deleted, or that are
 * held back, when it is sent are cut out of it. So a record stands for the sender's log up to
 * {@link #reach()}: on a log that has lost anything of that, the piece would be another.
 *
 * @param pipeNumber the sender's counter of pipes; a re-created pipe has a higher one
 * @param lineage the random number of the lineage that {@link #reach()} belongs to
 * @param index the end index of the piece's range in the sender's region log
 * @param cutBy the newest entry of that log by which anything may have been cut out of this piece
 *     or of one before it; 0: nothing has been
 */
public record AppliedRecord(long pipeNumber, long lineage, long index, long cutBy) {
  /** Of a source from which nothing has been cut out. */
  public AppliedRecord(long pipeNumber, long lineage, long index) {
    this(pipeNumber, lineage, index, 0);
  }

  /**
   * What stays of a pipe that was dropped: nothing of it is here, and nothing of it comes in any
   * more, however late.
   */
  public static AppliedRecord dropped(long pipeNumber) {
    return new AppliedRecord(pipeNumber, Lineage.NONE, 0);
  }

  /** Whether it says no more than that its pipe was dropped. */
  public boolean isDropped() {
    return lineage == Lineage.NONE && index == 0;
  }

  /** The last index of the sender's log that made the piece what it was. */
  public long reach() {
    return Math.max(index, cutBy);
  }
}
