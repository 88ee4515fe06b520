package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.TimeRange;
import org.apache.tsfile.file.metadata.IChunkMetadata;

/**
 * What a file's index says of one chunk.
 *
 * @param offset file offset of its header
 * @param firstTime smallest time stamp, {@code lastTime} the largest; both inclusive
 * @param points how many it holds (rows, for a time chunk)
 */
public record ChunkFacts(long offset, long firstTime, long lastTime, int points) {
  static ChunkFacts of(IChunkMetadata chunk) {
    return new ChunkFacts(
        chunk.getOffsetOfChunkHeader(),
        chunk.getStartTime(),
        chunk.getEndTime(),
        chunk.getStatistics().getCount());
  }

  public TimeRange times() {
    return new TimeRange(firstTime, lastTime);
  }
}
