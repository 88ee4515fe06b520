package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.nio.file.Path;

/** A TsFile is not what was written: its bytes are kept, none of its points are returned. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;

  public DamagedFileException(Path file, String what) {
    super("file " + file + " is damaged: " + what);
    this.path = file;
  }

  public DamagedFileException(Path file, String what, Throwable cause) {
    super("file " + file + " is damaged: " + what, cause);
    this.path = file;
  }

  public Path path() {
    return path;
  }
}
