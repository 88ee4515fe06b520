package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DamagedFile;
import io.sluice.common.rpc.ScrubResp;
import io.sluice.common.rpc.ScrubbedReplica;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.UUID;

/** A scrub's progress as nodes tell it to each other. Pure. */
final class ScrubMessages {
  /** How long an answer may wait for the scrub's end: well below the time-out of a call. */
  static final long WAIT_MS = 2_000;

  private ScrubMessages() {}

  static ScrubResp toWire(RegionScrub.Progress progress) {
    return new ScrubResp(RegionMessages.OK)
        .setDone(progress.done())
        .setReplicas(progress.reports().stream().map(ScrubMessages::toWire).toList());
  }

  private static ScrubbedReplica toWire(ScrubReport report) {
    return new ScrubbedReplica(
        report.region().toString(),
        report.files(),
        report.bytes(),
        report.damaged().stream()
            .map(one -> new DamagedFile(one.path(), one.lengthBytes(), one.repaired(), one.what()))
            .toList(),
        report.damagedCount());
  }

  static RegionScrub.Progress fromWire(ScrubResp answer) {
    return new RegionScrub.Progress(
        answer.isDone(), answer.getReplicas().stream().map(ScrubMessages::fromWire).toList());
  }

  private static ScrubReport fromWire(ScrubbedReplica replica) {
    return new ScrubReport(
        UUID.fromString(replica.getRegion()),
        replica.getFiles(),
        replica.getBytes(),
        replica.getDamaged().stream()
            .map(
                one ->
                    new ScrubReport.Found(
                        one.getPath(), one.getLengthBytes(), one.isRepaired(), one.getWhat()))
            .toList(),
        replica.getDamagedCount());
  }
}
