package io.sluice.datanode.tsfile;

import java.nio.file.Path;

/**
 * Which immutable file: another file that later has the same name has another checksum.
 *
 * @param lengthBytes of the whole file
 * @param crc32c of the whole file
 */
public record FileKey(Path path, long lengthBytes, int crc32c) {}
