package io.sluice.datanode.statement;

import org.apache.tsfile.enums.TSDataType;

/**
 * A column as the client sees it.
 *
 * @param block which value column of the blocks holds it; several may share one
 */
public record ResultColumn(String name, TSDataType type, int block) {}
