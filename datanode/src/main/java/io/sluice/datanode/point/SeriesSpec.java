package io.sluice.datanode.point;

import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/** A measurement of some device and how its points are stored. */
public record SeriesSpec(
    String measurement, TSDataType type, TSEncoding encoding, CompressionType compression) {}
