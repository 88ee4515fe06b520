package io.sluice.datanode.verify;

import io.sluice.datanode.point.SeriesKey;
import java.util.List;

/**
 * What the comparison of one region with its pipe's receiver found.
 *
 * @param differences by device and time
 * @param devices compared
 * @param rows here that were compared
 * @param exchangedBytes of questions and answers, both ways
 * @param receiver {@code host:port}
 * @param leftOut series the pipe holds back: not compared
 * @param cut why not everything was compared, or not row by row; empty when all was
 * @param allCompared whether everything was, row by row or not
 * @param rottenFiles that the receiver has of what was sent; their rows count as missing there
 */
public record RegionReport(
    List<Difference> differences,
    long devices,
    long rows,
    long exchangedBytes,
    String receiver,
    List<SeriesKey> leftOut,
    String cut,
    boolean allCompared,
    int rottenFiles) {
  public RegionReport {
    differences = List.copyOf(differences);
    leftOut = List.copyOf(leftOut);
  }
}
