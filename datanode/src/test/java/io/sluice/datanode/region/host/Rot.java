package io.sluice.datanode.region.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a disk does to a file in time. */
public final class Rot {
  private Rot() {}

  /** Flips one bit of the byte in the middle. */
  static void flip(Path file) throws IOException {
    flipAt(file, Files.size(file) / 2);
  }

  public static void flipAt(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x10));
      channel.write(one.rewind(), at);
    }
  }
}
