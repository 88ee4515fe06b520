package io.sluice.common.collect;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of a limited size: what was read or put longest ago goes for another. Not thread-safe. */
public final class LastUsed<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private static final float LOAD_FACTOR = 0.75f;

  private final int entriesMax;

  public LastUsed(int entriesMax) {
    super(16, LOAD_FACTOR, true);
    this.entriesMax = entriesMax;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > entriesMax;
  }
}
