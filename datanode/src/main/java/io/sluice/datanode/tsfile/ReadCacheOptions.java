package io.sluice.datanode.tsfile;

/**
 * What reading sealed files may keep.
 *
 * @param indexBytesMax heap for index entries of devices
 * @param layoutBytesMax heap for the positions of pages
 * @param pageBytesMax heap for decoded pages
 * @param openFilesMax files kept open; more are open only while that many threads read at once
 * @param verify whether a file is compared with its checksum before its first byte is interpreted;
 *     without it the library may allocate whatever lengths a damaged file says
 */
public record ReadCacheOptions(
    long indexBytesMax, long layoutBytesMax, long pageBytesMax, int openFilesMax, boolean verify) {
  public static final ReadCacheOptions DEFAULT =
      new ReadCacheOptions(16L << 20, 8L << 20, 32L << 20, 500, true);
}
