package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.ScrubResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.thrift.TException;

/**
 * Has the DataNodes look at the sealed files of regions, all at the same time, and gathers what
 * they found. One thread asks them in turn how they stand. Thread-safe; a call takes as long as the
 * slowest node.
 */
public final class ScrubbedCluster {
  /** A node that has not answered for so long is left out. */
  private static final long SILENT_MS_MAX = 20_000;

  private final int selfId;
  private final CatalogCache catalog;
  private final LocalRegions local;
  private final RegionRoutes routes;
  private final MonotonicClock clock;

  public ScrubbedCluster(
      int selfId,
      CatalogCache catalog,
      LocalRegions local,
      RegionRoutes routes,
      MonotonicClock clock) {
    this.selfId = selfId;
    this.catalog = catalog;
    this.local = local;
    this.routes = routes;
    this.clock = clock;
  }

  /**
   * One replica that was to be looked at.
   *
   * @param report null when it was not
   * @param whyNot null when it was
   */
  public record Replica(RegionInfo region, int node, ScrubReport report, String whyNot) {}

  /**
   * @param numbers of regions as statements name them; empty for all
   * @param onlyHere replicas of other nodes are passed over
   * @return by region and node
   * @throws StatusException when there is no such region
   */
  public List<Replica> scrub(Collection<Integer> numbers, boolean onlyHere) throws StatusException {
    Map<Integer, Node> nodes = new TreeMap<>();
    for (RegionInfo region : regions(numbers)) {
      for (int id : region.getReplicas()) {
        if (!onlyHere || id == selfId) {
          nodes.computeIfAbsent(id, Node::new).regions.add(region);
        }
      }
    }
    nodes.values().forEach(Node::begin);
    while (nodes.values().stream().anyMatch(Node::busy)) {
      nodes.values().stream().filter(Node::busy).forEach(Node::await);
    }
    return nodes.values().stream()
        .flatMap(node -> node.replicas().stream())
        .sorted(
            Comparator.comparingInt((Replica replica) -> replica.region().getId())
                .thenComparingInt(Replica::node))
        .toList();
  }

  private List<RegionInfo> regions(Collection<Integer> numbers) throws StatusException {
    if (numbers.isEmpty()) {
      return catalog.catalog().getRegions();
    }
    Map<Integer, RegionInfo> known = known();
    if (!known.keySet().containsAll(numbers)) {
      catalog.refresh();
      known = known();
    }
    List<RegionInfo> regions = new ArrayList<>();
    for (int number : numbers) {
      RegionInfo region = known.get(number);
      if (region == null) {
        throw new StatusException(
            StatusCode.ILLEGAL_PARAMETER, "Region " + number + " does not exist");
      }
      regions.add(region);
    }
    return regions;
  }

  private Map<Integer, RegionInfo> known() {
    return catalog.catalog().getRegions().stream()
        .collect(Collectors.toMap(RegionInfo::getId, Function.identity()));
  }

  /** What is asked of one node. */
  private final class Node {
    private final int id;
    private final List<RegionInfo> regions = new ArrayList<>();
    private long scrub;
    private long answeredAtMs = clock.nowMs();
    private RegionScrub.Progress progress = new RegionScrub.Progress(false, List.of());

    /** Set once nothing more is to be had of it. */
    private String failure;

    private Node(int id) {
      this.id = id;
    }

    boolean busy() {
      return failure == null && !progress.done();
    }

    void begin() {
      List<String> uuids = regions.stream().map(RegionInfo::getUuid).toList();
      try {
        if (id == selfId) {
          scrub = local.scrubs().begin(uuids.stream().map(UUID::fromString).toList());
        } else {
          scrub = ask(client -> client.beginScrub(uuids)).getScrubId();
        }
      } catch (StatusException e) {
        failure = e.getMessage();
      } catch (TException e) {
        failure = unreachable(e);
      }
    }

    void await() {
      try {
        progress =
            id == selfId
                ? local.scrubs().await(scrub, ScrubMessages.WAIT_MS)
                : ScrubMessages.fromWire(ask(client -> client.awaitScrub(scrub)));
        answeredAtMs = clock.nowMs();
      } catch (StatusException e) {
        failure = e.getMessage();
      } catch (TException e) {
        if (clock.nowMs() - answeredAtMs >= SILENT_MS_MAX) {
          failure = unreachable(e);
        }
      }
    }

    private ScrubResp ask(InternalClients.Call<DataNodeService.Client, ScrubResp> call)
        throws StatusException, TException {
      ScrubResp answer =
          routes
              .clients()
              .callIdempotent(
                  location().getInternal(), waitedMs -> waitedMs >= SILENT_MS_MAX, call);
      if (answer.getStatus().getCode() != StatusCode.SUCCESS) {
        throw new StatusException(answer.getStatus().getCode(), answer.getStatus().getMessage());
      }
      return answer;
    }

    private DataNodeLocation location() throws StatusException {
      return catalog
          .index()
          .dataNode(id)
          .orElseThrow(
              () ->
                  new StatusException(
                      StatusCode.EXECUTE_ERROR, "there is no DataNode " + id + " any more"));
    }

    private String unreachable(TException e) {
      return catalog
          .index()
          .dataNode(id)
          .map(node -> RemoteFailure.unreachableText(node, e))
          .orElse("there is no DataNode " + id + " any more");
    }

    List<Replica> replicas() {
      Map<String, ScrubReport> reports =
          progress.reports().stream()
              .collect(Collectors.toMap(report -> report.region().toString(), Function.identity()));
      return regions.stream()
          .map(region -> replica(region, reports.get(region.getUuid())))
          .toList();
    }

    private Replica replica(RegionInfo region, ScrubReport report) {
      if (report != null) {
        return new Replica(region, id, report, null);
      }
      String why = failure == null ? "the region is not on this DataNode now" : failure;
      return new Replica(region, id, null, why);
    }
  }
}
