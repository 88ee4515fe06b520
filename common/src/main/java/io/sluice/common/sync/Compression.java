package io.sluice.common.sync;

import java.util.Optional;

/** How file content may be made smaller on its way. The ids stand on the wire and on disk. */
public enum Compression {
  NONE(0, "none"),
  ZSTD(1, "zstd"),
  LZ4(2, "lz4");

  private final int id;
  private final String word;

  Compression(int id, String word) {
    this.id = id;
    this.word = word;
  }

  public int id() {
    return id;
  }

  /** As statements have it. */
  public String word() {
    return word;
  }

  /** Empty for an id of a newer release. */
  public static Optional<Compression> ofId(int id) {
    for (Compression one : values()) {
      if (one.id == id) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** In any case; empty for a word that is none of them. */
  public static Optional<Compression> ofWord(String word) {
    for (Compression one : values()) {
      if (one.word.equalsIgnoreCase(word)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
