package io.sluice.datanode.region.host;

import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What the regions of a node make files with.
 *
 * @param merger null: files are never merged
 * @param removed told of each file that is no more, by whoever read it last; must not block
 */
public record FileTools(SealedFileWriter writer, SealedFileMerger merger, Consumer<Path> removed) {
  /** Files are written and never merged. */
  public static FileTools writing(SealedFileWriter writer) {
    return new FileTools(writer, null, path -> {});
  }
}
