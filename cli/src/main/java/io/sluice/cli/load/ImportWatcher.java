package io.sluice.cli.load;

/** Is told how an import goes. Called by the importing thread. */
public interface ImportWatcher {
  /** What the file is being read for. */
  enum Pass {
    TYPES,
    ROWS
  }

  /**
   * So much of the file is read in this pass.
   *
   * @param bytesRead of the file
   * @param lines read so far
   */
  void progress(Pass pass, long bytesRead, long lines);

  /** A line was not imported. */
  void badLine(long line, String reason);
}
