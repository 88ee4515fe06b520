package io.sluice.datanode.read;

import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * Rows of some series of one region: a row for each time stamp at which any of them has a point.
 *
 * @param columns what to read, in the order of the result's columns
 * @param types the columns' types, so that an unknown series still has a column
 * @param times which rows, both ends inclusive
 * @param descending latest first
 * @param limitRows how many rows at most, 0 for all
 */
public record ScanRequest(
    List<SeriesKey> columns,
    List<TSDataType> types,
    TimeRange times,
    boolean descending,
    long limitRows) {}
