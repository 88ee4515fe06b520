package io.sluice.datanode.region.manifest;

import java.io.IOException;
import java.nio.file.Path;

/** A manifest that is not what was written; its bytes are left as they are. */
public final class ManifestDamagedException extends IOException {
  private final Path file;
  private final long offset;

  public ManifestDamagedException(Path file, long offset, String what) {
    super(
        "manifest "
            + file
            + " is damaged at offset "
            + offset
            + ": "
            + what
            + "; bring this node's folders back from a backup");
    this.file = file;
    this.offset = offset;
  }

  public ManifestDamagedException(Path file, long offset, String what, Throwable cause) {
    this(file, offset, what);
    initCause(cause);
  }

  public Path file() {
    return file;
  }

  /** Where the record begins that does not fit. */
  public long offset() {
    return offset;
  }
}
