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
 */
public record RegionReport(
    List<Difference> differences,
    long devices,
    long rows,
    long exchangedBytes,
    String receiver,
    List<SeriesKey> leftOut,
    String cut) {
  public RegionReport {
    differences = List.copyOf(differences);
    leftOut = List.copyOf(leftOut);
  }
}
