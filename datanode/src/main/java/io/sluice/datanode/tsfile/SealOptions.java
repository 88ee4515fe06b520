package io.sluice.datanode.tsfile;

/**
 * How finely new TsFiles are divided. A page is the unit of decoding, a chunk the unit of cutting
 * and of statistics.
 *
 * @param pagePointsMax points (rows, for an aligned device) in one page at most
 * @param pageBytesMax bytes of one column's texts and blobs in one page, before encoding; a single
 *     value may be larger
 * @param chunkPointsMax points (rows) in one chunk at most
 * @param chunkBytesMax a chunk is closed once its encoded pages are larger
 */
public record SealOptions(
    int pagePointsMax, int pageBytesMax, int chunkPointsMax, int chunkBytesMax) {
  public static final SealOptions DEFAULT = new SealOptions(2_048, 64 << 10, 65_536, 1 << 20);

  public SealOptions {
    // The library closes a page by itself at 10,000 points: below that we decide.
    if (pagePointsMax < 1 || pagePointsMax > 9_999 || chunkPointsMax < pagePointsMax) {
      throw new IllegalArgumentException(
          "pages of " + pagePointsMax + " and chunks of " + chunkPointsMax + " points");
    }
    if (pageBytesMax < 1 || chunkBytesMax < pageBytesMax) {
      throw new IllegalArgumentException(
          "pages of " + pageBytesMax + " and chunks of " + chunkBytesMax + " bytes");
    }
  }
}
