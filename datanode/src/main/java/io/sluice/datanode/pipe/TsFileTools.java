package io.sluice.datanode.pipe;

import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileCutter;

/** What pipes make files with. All are thread-safe and stay their owner's to close. */
public record TsFileTools(TsFileCutter cutter, RegionReader reader, SealedFileWriter writer) {}
