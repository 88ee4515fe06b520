package io.sluice.datanode.tsfile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files open for reading, a bounded number of them, shared by all threads. A file let go of while
 * somebody reads it is closed after that. Thread-safe.
 */
final class OpenFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
  private static final int VERIFIED_MAX = 100_000;

  /** One for a channel that another thread's interrupt closed, one for good. */
  private static final int ATTEMPTS = 2;

  private final boolean verify;
  private final Cache<FileKey, Shared> open;
  private final Cache<FileKey, Boolean> verified =
      Caffeine.newBuilder().maximumSize(VERIFIED_MAX).executor(Runnable::run).build();

  OpenFiles(int filesMax, boolean verify) {
    this.verify = verify;
    this.open =
        Caffeine.newBuilder()
            .maximumSize(filesMax)
            .executor(Runnable::run)
            .removalListener((FileKey key, Shared file, RemovalCause cause) -> file.retire())
            .build();
  }

  interface Read<T> {
    T from(OpenTsFile file) throws IOException;
  }

  /**
   * Runs {@code read} with the file open and verified.
   *
   * @throws DamagedFileException when it is not the file the key says
   */
  <T> T read(FileKey key, Read<T> read) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Shared shared = acquire(key);
      try {
        shared.verifyOnce(key);
        return read.from(shared.file);
      } catch (ClosedChannelException e) {
        // An interrupt closes a channel under everybody: only the interrupted thread gives up.
        open.asMap().remove(key, shared);
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      } finally {
        shared.release();
      }
    }
  }

  private Shared acquire(FileKey key) throws IOException {
    while (true) {
      Shared shared;
      try {
        shared = open.get(key, this::open);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (shared.acquire()) {
        return shared;
      }
      open.asMap().remove(key, shared);
    }
  }

  private Shared open(FileKey key) {
    try {
      return new Shared(OpenTsFile.open(key.path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes what is open under this name and verifies it again when it is next read. */
  void forget(Path path) {
    open.asMap().keySet().removeIf(key -> key.path().equals(path));
    verified.asMap().keySet().removeIf(key -> key.path().equals(path));
  }

  /** How many files are kept open, about. */
  long count() {
    return open.estimatedSize();
  }

  @Override
  public void close() {
    open.invalidateAll();
  }

  /** One open file with the number of its readers. */
  private final class Shared {
    private final OpenTsFile file;
    private int readers;
    private boolean retired;

    Shared(OpenTsFile file) {
      this.file = file;
    }

    synchronized boolean acquire() {
      if (retired) {
        return false;
      }
      readers++;
      return true;
    }

    synchronized void release() {
      readers--;
      closeIfUnused();
    }

    synchronized void retire() {
      retired = true;
      closeIfUnused();
    }

    private void closeIfUnused() {
      if (retired && readers == 0) {
        try {
          file.close();
        } catch (IOException e) {
          LOG.warn("Could not close {}", file.path(), e);
        }
      }
    }

    /** Readers of the same file wait for the first one's look at all its bytes. */
    void verifyOnce(FileKey key) throws IOException {
      if (!verify || verified.getIfPresent(key) != null) {
        return;
      }
      synchronized (file) {
        if (verified.getIfPresent(key) == null) {
          file.check(key);
          verified.put(key, true);
        }
      }
    }
  }
}
