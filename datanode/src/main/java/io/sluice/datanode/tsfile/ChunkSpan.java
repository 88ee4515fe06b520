package io.sluice.datanode.tsfile;

import org.apache.tsfile.enums.TSDataType;

/**
 * One chunk of one series, where it is and what times it holds.
 *
 * @param type of its points
 * @param values the chunk
 * @param rows the time chunk it belongs to; null unless the device is aligned
 */
public record ChunkSpan(FileKey file, TSDataType type, ChunkFacts values, ChunkFacts rows) {}
