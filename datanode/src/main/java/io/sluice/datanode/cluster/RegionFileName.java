package io.sluice.datanode.cluster;

/** Names of a region's files as another node tells them: parts that are names, never a way out. */
final class RegionFileName {
  private static final int PARTS_MAX = 3;

  private RegionFileName() {}

  /** Whether {@code name} is one to three {@link StagedName}s joined by '/'. */
  static boolean legal(String name) {
    String[] parts = name.split("/", -1);
    if (parts.length > PARTS_MAX) {
      return false;
    }
    for (String part : parts) {
      if (!StagedName.legal(part)) {
        return false;
      }
    }
    return true;
  }
}
