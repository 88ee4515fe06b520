package io.sluice.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a text stands in what nodes write: logs, metadata logs, snapshots, pipe tables. */
final class StoredText {
  private StoredText() {}

  static List<Path> filesWith(Path folder, String text) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : LiveFiles.below(folder)) {
      if (holds(file, text)) {
        found.add(file);
      }
    }
    return found;
  }

  private static boolean holds(Path file, String text) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (NoSuchFileException e) {
      return false; // renamed or removed meanwhile by the node it belongs to
    }
  }
}
