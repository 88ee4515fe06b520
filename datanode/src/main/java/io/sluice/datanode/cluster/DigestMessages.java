package io.sluice.datanode.cluster;

import io.sluice.common.rpc.RegionDigestReq;
import io.sluice.common.rpc.RegionDigestResp;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Queries for hashes and their answers in the words of {@code cluster.thrift}. Pure. */
final class DigestMessages {
  private static final int LONGS_PER_DIGEST = 5;

  private DigestMessages() {}

  static RegionDigestReq toWire(UUID region, DigestQuery query) {
    List<Long> spans = new ArrayList<>();
    for (TimeSpan span : query.spans()) {
      spans.add(span.first());
      spans.add(span.last());
    }
    RegionDigestReq req =
        new RegionDigestReq(
            region.toString(),
            query.part().device(),
            query.part().measurements(),
            spans,
            query.cut().id(),
            query.rowsPerCut());
    if (query.withoutOrigin() != null) {
      req.setWithoutOrigin(query.withoutOrigin().toString());
    }
    if (query.withoutRottenOf() != null) {
      req.setWithoutRottenOf(query.withoutRottenOf().toString());
    }
    return req;
  }

  /**
   * @throws IllegalArgumentException for what makes no sense
   */
  static DigestQuery fromWire(RegionDigestReq req) {
    List<TimeSpan> spans = new ArrayList<>();
    for (int i = 0; i + 1 < req.getSpansSize(); i += 2) {
      spans.add(new TimeSpan(req.getSpans().get(i), req.getSpans().get(i + 1)));
    }
    return new DigestQuery(
        new DigestPart(req.getDevice(), req.getMeasurements()),
        spans,
        DigestQuery.Cut.ofId(req.getCut()),
        req.getRowsPerCut(),
        req.isSetWithoutOrigin() ? UUID.fromString(req.getWithoutOrigin()) : null,
        req.isSetWithoutRottenOf() ? UUID.fromString(req.getWithoutRottenOf()) : null);
  }

  static RegionDigestResp toWire(DigestAnswer answer) {
    List<Long> longs = new ArrayList<>(answer.digests().size() * LONGS_PER_DIGEST);
    for (SpanDigest digest : answer.digests()) {
      longs.add(digest.span().first());
      longs.add(digest.span().last());
      longs.add(digest.hash().rows());
      longs.add(digest.hash().high());
      longs.add(digest.hash().low());
    }
    return new RegionDigestResp(RegionMessages.OK).setDigests(longs).setComplete(answer.complete());
  }

  static DigestAnswer fromWire(RegionDigestResp resp) {
    List<Long> longs = resp.getDigests();
    List<SpanDigest> digests = new ArrayList<>();
    for (int i = 0; i + LONGS_PER_DIGEST <= longs.size(); i += LONGS_PER_DIGEST) {
      digests.add(
          new SpanDigest(
              new TimeSpan(longs.get(i), longs.get(i + 1)),
              new RangeHash(longs.get(i + 2), longs.get(i + 3), longs.get(i + 4))));
    }
    return new DigestAnswer(digests, resp.isComplete());
  }
}
