package io.sluice.datanode.cluster;

import io.sluice.common.rpc.RegionMendReq;
import io.sluice.common.rpc.RegionMendResp;
import io.sluice.common.rpc.RegionRottenResp;
import io.sluice.common.rpc.RottenFileInfo;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.mend.BroughtRows;
import java.util.List;
import java.util.UUID;

/** Rotten files, and what is brought for them, in the words of {@code cluster.thrift}. Pure. */
final class MendMessages {
  private MendMessages() {}

  static RegionRottenResp toWire(List<RottenFile> files) {
    return new RegionRottenResp(RegionMessages.OK)
        .setFiles(
            files.stream()
                .map(
                    file ->
                        new RottenFileInfo(
                            file.end(),
                            file.lengthBytes(),
                            file.crc32c(),
                            file.times().first(),
                            file.times().last()))
                .toList());
  }

  static List<RottenFile> fromWire(UUID region, RegionRottenResp resp) {
    return resp.getFiles().stream()
        .map(
            file ->
                new RottenFile(
                    region,
                    file.getEnd(),
                    file.getLengthBytes(),
                    file.getCrc32c(),
                    new TimeSpan(file.getFirstTime(), file.getLastTime())))
        .toList();
  }

  static RegionMendReq toWire(UUID region, BroughtRows brought) {
    RegionMendReq req =
        new RegionMendReq(
            region.toString(),
            brought.end(),
            brought.crc32c(),
            brought.source().clusterId().toString(),
            brought.source().regionId().toString(),
            brought.sentFromMs());
    return brought.stagedName() == null ? req : req.setStagedName(brought.stagedName());
  }

  /**
   * @throws IllegalArgumentException for what makes no sense
   */
  static BroughtRows fromWire(RegionMendReq req) {
    String name = req.isSetStagedName() ? req.getStagedName() : null;
    if (name != null && !StagedName.legal(name)) {
      throw new IllegalArgumentException("not a name for a staged file");
    }
    Source source =
        new Source(UUID.fromString(req.getClusterId()), UUID.fromString(req.getSourceRegion()));
    return new BroughtRows(req.getEnd(), req.getCrc32c(), source, name, req.getSentFromMs());
  }

  static RegionMendResp toWire(Mended mended) {
    return new RegionMendResp(RegionMessages.OK)
        .setState(mended.state().id())
        .setText(mended.text());
  }

  static Mended fromWire(RegionMendResp resp) {
    return new Mended(Mended.State.ofId(resp.getState()), resp.getText());
  }
}
