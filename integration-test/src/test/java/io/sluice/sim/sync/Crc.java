package io.sluice.sim.sync;

import java.util.zip.CRC32C;

final class Crc {
  private Crc() {}

  static int of(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
