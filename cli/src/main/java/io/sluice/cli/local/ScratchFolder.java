package io.sluice.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that is removed when closed, unless it is to be kept. */
public final class ScratchFolder implements AutoCloseable {
  private final Path path;
  private boolean kept;

  public ScratchFolder(String prefix) throws IOException {
    path = Files.createTempDirectory(prefix);
  }

  /** One below {@code parent}, which exists. */
  public ScratchFolder(Path parent, String prefix) throws IOException {
    path = Files.createTempDirectory(parent, prefix);
  }

  public Path path() {
    return path;
  }

  /** Leaves the folder in place, for looking into. */
  public void keep() {
    kept = true;
  }

  /** Lets the folder go after all. */
  public void forget() {
    kept = false;
  }

  @Override
  public void close() throws IOException {
    if (kept) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              each -> {
                try {
                  Files.deleteIfExists(each);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
