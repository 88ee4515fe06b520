package io.sluice.common.path;

/**
 * Which slot of a database a device belongs to. The hash is part of the stored layout: it must
 * never change.
 */
public final class SeriesSlot {
  private static final int SEED = 131;

  private SeriesSlot() {}

  /**
   * Slot in [0, seriesSlotNum) of a device path such as {@code root.vehicle.d0} (BKDR hash, as
   * IoTDB's default).
   */
  public static int of(String device, int seriesSlotNum) {
    int hash = 0;
    for (int i = 0; i < device.length(); i++) {
      hash = hash * SEED + device.charAt(i);
    }
    return (hash & Integer.MAX_VALUE) % seriesSlotNum;
  }
}
