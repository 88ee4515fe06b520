package io.sluice.sim.sync.disk;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file; positions are always given. */
final class SimChannel extends FileChannel {
  private final SimDisk disk;
  private final SimFile file;

  SimChannel(SimDisk disk, SimFile file) {
    this.disk = disk;
    this.file = file;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    return file.read(into, position);
  }

  @Override
  public int write(ByteBuffer from, long position) {
    disk.changes();
    return file.write(from, position);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) {
    if (size < file.size()) {
      disk.changes();
      file.truncate(size);
    }
    return this;
  }

  @Override
  public void force(boolean metadata) {
    disk.changes();
    file.force();
  }

  @Override
  protected void implCloseChannel() {
    // Nothing is held.
  }

  // ---------------------------------------------------------------- not asked for

  @Override
  public int read(ByteBuffer into) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
