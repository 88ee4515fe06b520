package io.sluice.common.sync;

/**
 * The last piece of a source that a receiver's region has applied: which pipe shipped it, on which
 * lineage, up to which log index of the sender's region. A piece is applied by compare-and-set on
 * this value.
 *
 * @param pipeNumber the sender's counter of pipes; a re-created pipe has a higher one
 * @param lineage the random number of the lineage the index belongs to
 * @param index the end index of the piece's range in the sender's region log
 */
public record AppliedRecord(long pipeNumber, long lineage, long index) {
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
}
