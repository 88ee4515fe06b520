package io.sluice.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a disk does to a file that nobody looks at. */
final class Rot {
  private Rot() {}

  /** A bit in its middle is another. */
  static void flipBit(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      long at = channel.size() / 2;
      channel.read(one, at);
      channel.write(one.put(0, (byte) (one.get(0) ^ 4)).flip(), at);
    }
  }
}
