package io.sluice.sim.sync.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;

/** A name in the one folder of a {@link SimDisk}; the folder itself is the empty name. */
final class SimPath implements Path {
  private final SimFileSystem system;
  private final String name;

  SimPath(SimFileSystem system, String name) {
    this.system = system;
    this.name = name;
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public Path getFileName() {
    return this;
  }

  @Override
  public Path resolve(Path other) {
    return new SimPath(system, other.toString());
  }

  @Override
  public Path toAbsolutePath() {
    return this;
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public Path getParent() {
    return name.isEmpty() ? null : new SimPath(system, "");
  }

  @Override
  public int compareTo(Path other) {
    return name.compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimPath path && path.system == system && path.name.equals(name);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name);
  }

  @Override
  public String toString() {
    return name;
  }

  // ---------------------------------------------------------------- not asked for

  @Override
  public Path getRoot() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getNameCount() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getName(int index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path subpath(int begin, int end) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean startsWith(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean endsWith(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path relativize(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }
}
