package io.sluice.confignode.duty;

import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.FeedDetailsResp;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.thrift.TException;

/**
 * How a pipe is. Its senders say what they see; that a region is out of everybody's sight, so that
 * what was acknowledged in it waits unsent, only the ConfigNode can say. RUNNING and NORMAL
 * together mean that neither has anything to say. Thread-safe.
 */
public final class PipeOutlook {
  /** For which a region may be without a leader that is heard: an election takes less. */
  static final long UNLED_MS_MAX = 5_000;

  /** Of a region whose database is dropped. */
  static final String DROPPED = "its database was dropped: what is left is sent, then it goes";

  /** Regions named in one pipe's cause. */
  private static final int NAMED_MAX = 5;

  private final NodeHealth health;
  private final DataNodeCalls calls;
  private final Executor executor;
  private final WallClock wallClock;

  PipeOutlook(NodeHealth health, DataNodeCalls calls, Executor executor, WallClock wallClock) {
    this.health = health;
    this.calls = calls;
    this.executor = executor;
    this.wallClock = wallClock;
  }

  /** Now and then: notices what is only wrong when it lasts. */
  void tick(ClusterImage image) {
    health.lookAtPipes(
        image.pipes().pipes().values().stream()
            .filter(pipe -> pipe.status() == Pipe.Status.RUNNING)
            .map(Pipe::number)
            .collect(Collectors.toSet()),
        image.databases().regions().keySet());
  }

  /** Only a RUNNING pipe can be in trouble. */
  public PipeReport of(ClusterImage image, Pipe pipe) {
    PipeReport said =
        health
            .worst(pipe.number())
            .orElseGet(() -> new PipeReport(pipe.number(), PipeHealth.NORMAL, ""));
    if (pipe.status() != Pipe.Status.RUNNING) {
      return new PipeReport(pipe.number(), PipeHealth.NORMAL, "");
    }
    List<String> causes = new ArrayList<>();
    if (!said.getCause().isEmpty()) {
      causes.add(said.getCause());
    }
    int unsaid = 0;
    for (Region region : shipped(image, pipe)) {
      String trouble = trouble(image, region, pipe);
      if (trouble != null && causes.size() < NAMED_MAX) {
        causes.add(trouble);
      } else if (trouble != null) {
        unsaid++;
      }
    }
    if (unsaid > 0) {
      causes.add("and " + unsaid + " more regions");
    }
    boolean well = said.getHealth() == PipeHealth.NORMAL;
    return new PipeReport(
        pipe.number(),
        well && !causes.isEmpty() ? PipeHealth.WARN : said.getHealth(),
        String.join("; ", causes));
  }

  /** Live regions, and those of dropped databases that the pipe has still to ship. */
  private static List<Region> shipped(ClusterImage image, Pipe pipe) {
    List<Region> regions = new ArrayList<>(image.databases().liveRegions());
    regions.addAll(image.databases().partingFor(pipe.number()));
    return regions;
  }

  /** Null when somebody ships the region through the pipe, or will in a moment. */
  private String trouble(ClusterImage image, Region region, Pipe pipe) {
    Optional<NodeHealth.Led> led = health.led(region.id());
    boolean heard = led.isPresent() && led.get().agoMs() < UNLED_MS_MAX;
    if (heard) {
      return health.lacksPipe(led.get().node(), pipe.number(), UNLED_MS_MAX)
          ? "DataNode " + led.get().node() + " has not taken the pipe over yet"
          : null;
    }
    boolean fresh = wallClock.nowMs() - region.createdAtMs() < UNLED_MS_MAX;
    return led.isEmpty() && fresh ? null : unled(image, region, led);
  }

  private String unled(ClusterImage image, Region region, Optional<NodeHealth.Led> led) {
    List<String> holders = new ArrayList<>();
    for (int id : region.replicas()) {
      DataNodeMember node = image.nodes().dataNodes().get(id);
      holders.add(
          "DataNode "
              + id
              + (node == null ? "" : " (" + node.internal() + ")")
              + health.stateOf(region, id));
    }
    return "region "
        + region.id()
        + " of "
        + region.database()
        + " has no leader that is heard"
        + led.map(last -> ", for " + last.agoMs() / 1_000 + " s").orElse("")
        + ": it is on "
        + String.join(", ", holders);
  }

  /** Rows of SHOW PIPE ... DETAILS, by region; asks the DataNodes, each for a bounded time. */
  public List<PipeDetail> details(ClusterImage image, Pipe pipe) {
    Map<DataNodeMember, CompletableFuture<Feeds>> asked = new LinkedHashMap<>();
    for (DataNodeMember node : image.nodes().dataNodes().values()) {
      asked.put(node, CompletableFuture.supplyAsync(() -> ask(node, pipe.number()), executor));
    }
    Map<UUID, List<PipeDetail>> byRegion = new LinkedHashMap<>();
    Map<Integer, String> silent = new LinkedHashMap<>();
    Map<UUID, Region> regions = new LinkedHashMap<>();
    shipped(image, pipe).forEach(region -> regions.put(region.uuid(), region));
    asked.forEach(
        (node, answer) -> {
          Feeds feeds = answer.join();
          if (feeds.failure() != null) {
            silent.put(node.id(), feeds.failure());
          }
          for (FeedDetails feed : feeds.feeds()) {
            Region region = regions.get(UUID.fromString(feed.getRegion()));
            if (region != null) {
              byRegion
                  .computeIfAbsent(region.uuid(), id -> new ArrayList<>())
                  .add(detail(region, node, feed));
            }
          }
        });
    List<PipeDetail> rows = new ArrayList<>();
    for (Region region : regions.values()) {
      int first = rows.size();
      List<PipeDetail> shipped = byRegion.get(region.uuid());
      if (shipped != null) {
        rows.addAll(shipped);
      } else {
        rows.add(unshipped(image, region, pipe, silent));
      }
      if (region.phase() == Region.Phase.PARTING) {
        rows.subList(first, rows.size()).forEach(row -> row.setDropped(true));
      }
    }
    return rows;
  }

  private record Feeds(List<FeedDetails> feeds, String failure) {}

  private Feeds ask(DataNodeMember node, long pipeNumber) {
    try {
      FeedDetailsResp answer = calls.probe(node, client -> client.pipeDetails(pipeNumber));
      return answer.getStatus().getCode() == StatusCode.SUCCESS
          ? new Feeds(answer.getFeeds(), null)
          : new Feeds(List.of(), answer.getStatus().getMessage());
    } catch (TException e) {
      return new Feeds(List.of(), CallFailure.of(node, e).cause());
    }
  }

  private static PipeDetail detail(Region region, DataNodeMember node, FeedDetails feed) {
    return new PipeDetail(
            region.id(),
            region.database(),
            Views.location(node),
            feed.getHealth(),
            joined(region, feed.getCause()))
        .setFeed(feed);
  }

  private static String joined(Region region, String cause) {
    if (region.phase() != Region.Phase.PARTING) {
      return cause;
    }
    return cause.isEmpty() ? DROPPED : DROPPED + "; " + cause;
  }

  private PipeDetail unshipped(
      ClusterImage image, Region region, Pipe pipe, Map<Integer, String> silent) {
    int holder = health.led(region.id()).map(NodeHealth.Led::node).orElse(region.replicas().get(0));
    boolean runs = pipe.status() == Pipe.Status.RUNNING;
    String trouble = runs ? trouble(image, region, pipe) : null;
    if (silent.containsKey(holder)) {
      String why = "DataNode " + holder + " does not answer: " + silent.get(holder);
      trouble = trouble == null ? why : why + "; " + trouble;
    }
    return new PipeDetail(
        region.id(),
        region.database(),
        Views.location(image.nodes().dataNodes().get(holder)),
        trouble == null ? PipeHealth.NORMAL : PipeHealth.WARN,
        joined(
            region, trouble == null ? (runs ? aboutToBegin(image, region, pipe) : "") : trouble));
  }

  private static String aboutToBegin(ClusterImage image, Region region, Pipe pipe) {
    return image.databases().partingFor(pipe.number()).stream()
        .filter(parting -> parting.id() < region.id() && parting.overlaps(region.database()))
        .findFirst()
        .map(
            parting ->
                "it waits until region "
                    + parting.id()
                    + " of the dropped "
                    + parting.database()
                    + " is sent")
        .orElse("its feed is about to begin");
  }
}
