package io.sluice.sim.sync.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One machine's disk: files below one folder, by name. Not thread-safe.
 *
 * <p>Everything the JDK may ask of it and production does not is refused.
 */
public final class SimDisk extends FileSystemProvider {
  private final SimFileSystem system = new SimFileSystem(this);
  private final Runnable effect;

  private final Map<String, SimFile> names = new TreeMap<>();

  /** As a crash would find them, for a folder that nobody forces. */
  private final Map<String, SimFile> kept = new TreeMap<>();

  /**
   * @param effect run before whatever changes the disk; may throw, and then nothing is changed
   */
  public SimDisk(Runnable effect) {
    this.effect = effect;
  }

  public Path folder() {
    return new SimPath(system, "");
  }

  /** The file now behind a name; it stays what it is when the name goes. */
  public SimFile file(Path path) {
    return Objects.requireNonNull(names.get(name(path)), path::toString);
  }

  /**
   * The machine dies: what was not forced may be gone.
   *
   * @return whether bytes or names were lost
   */
  public boolean crash(Random random) {
    boolean lost = false;
    Set<String> all = new TreeSet<>(names.keySet());
    all.addAll(kept.keySet());
    for (String name : all) {
      if (names.get(name) != kept.get(name) && random.nextBoolean()) {
        lost = true;
        if (kept.get(name) == null) {
          names.remove(name);
        } else {
          names.put(name, kept.get(name));
        }
      }
    }
    for (SimFile file : new ArrayList<>(names.values())) {
      lost |= file.crash(random);
    }
    kept.clear();
    kept.putAll(names);
    return lost;
  }

  void changes() {
    effect.run();
  }

  private static String name(Path path) {
    return path.toString();
  }

  @Override
  public String getScheme() {
    return "sim";
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SimFile file = names.get(name(path));
    if (file == null) {
      if (!options.contains(StandardOpenOption.CREATE)) {
        throw new NoSuchFileException(name(path));
      }
      changes();
      file = new SimFile();
      names.put(name(path), file);
    } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      changes();
      file.truncate(0);
    }
    return new SimChannel(this, file);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : names.keySet()) {
      Path path = new SimPath(system, name);
      if (filter.accept(path)) {
        found.add(path);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) {
    // The one folder there is.
  }

  @Override
  public void delete(Path path) throws IOException {
    if (!names.containsKey(name(path))) {
      throw new NoSuchFileException(name(path));
    }
    changes();
    names.remove(name(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (!names.containsKey(name(path))) {
      throw new NoSuchFileException(name(path));
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    checkAccess(path);
    return type.cast(new SimAttributes(names.get(name(path)).size()));
  }

  // ---------------------------------------------------------------- not asked for

  @Override
  public FileSystem newFileSystem(java.net.URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(java.net.URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(java.net.URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
