/**
 * Reading and writing Apache TsFiles. The only package that uses the TsFile library's file readers
 * and writers; everything it knows of the format's traps stays here.
 *
 * <p>Nouns: {@link io.sluice.datanode.tsfile.SealedFileWriter} (points in, one durable file out),
 * {@link io.sluice.datanode.tsfile.TsFileCutter} (a part of a file, whole chunks still compressed),
 * {@link io.sluice.datanode.tsfile.SealedFileMerger} (fewer files with the same points), pages (the
 * unit of decoding, {@link io.sluice.datanode.point.PointBatch}).
 *
 * <p>The path of a seal: columns per device → pages and chunks → a temporary name, checksummed as
 * it is written → fsync → rename → fsync of the folder. The path of a read: a file's index → the
 * chunks of a series → page headers → the pages whose times are wanted → arrays of primitives.
 *
 * <p>Invariants: a file has its name only when it is whole and on disk; what is read is compared
 * with checksum and statistics, and a file that is not what was written is an error that names it,
 * never other points; nothing is trusted that a file says of lengths.
 *
 * <p>Knows nothing of regions, logs or the network.
 */
package io.sluice.datanode.tsfile;
