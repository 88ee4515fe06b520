package io.sluice.datanode;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.pipe.PipeService;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionFigures;
import io.sluice.datanode.region.host.RegionHost;
import io.sluice.datanode.rpc.ClientServer;
import io.sluice.datanode.tsfile.ReadCacheStats;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.sync.sender.FeedReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DataNode in numbers, for Prometheus. What belongs to a region or a pipe comes and goes with it,
 * so those rows are made anew every second on the given timer. Names and units are listed in {@code
 * docs/operations.md}.
 */
final class NodeMeters {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMeters.class);
  private static final long REFRESH_MS = 1_000;

  private final RegionHost host;
  private final PipeService pipes;
  private final MonotonicClock clock;
  private final MeterRegistry registry;
  private final List<RegionGauge> regionGauges = new ArrayList<>();
  private final List<FeedGauge> feedGauges = new ArrayList<>();
  private final MultiGauge failures;

  private record RegionGauge(MultiGauge gauge, ToDoubleFunction<RegionFigures> value) {}

  private record FeedGauge(MultiGauge gauge, ToDoubleFunction<FeedReport> value) {}

  NodeMeters(RegionHost host, PipeService pipes, MeterRegistry registry, MonotonicClock clock) {
    this.host = host;
    this.pipes = pipes;
    this.registry = registry;
    this.clock = clock;
    region("sluice.region.memtable.bytes", RegionFigures::memtableBytes);
    region("sluice.region.log.bytes", RegionFigures::logBytes);
    region("sluice.region.files", RegionFigures::files);
    region("sluice.region.file.bytes", RegionFigures::fileBytes);
    region("sluice.region.ingested.points", RegionFigures::ingestedPoints);
    feed("sluice.pipe.position", FeedReport::position);
    feed("sluice.pipe.unsent.bytes", report -> report.backlog().bytes());
    feed("sluice.pipe.caught.up", report -> report.caughtUp() ? 1 : 0);
    feed("sluice.pipe.seconds.since.acknowledgement", this::secondsSinceAcknowledgement);
    this.failures = MultiGauge.builder("sluice.pipe.failures").register(registry);
  }

  /** Starts refreshing; ends with the timer. */
  NodeMeters refreshedBy(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(this::refreshSafely, 0, REFRESH_MS, TimeUnit.MILLISECONDS);
    return this;
  }

  NodeMeters withScrub() {
    counter("sluice.scrub.files", Tags.empty(), host, each -> each.scrubFigures().files());
    counter("sluice.scrub.bytes", Tags.empty(), host, each -> each.scrubFigures().bytes());
    counter(
        "sluice.scrub.repaired.files", Tags.empty(), host, each -> each.scrubFigures().repaired());
    Gauge.builder("sluice.scrub.damaged.files", host, each -> each.scrubFigures().damaged())
        .register(registry);
    return this;
  }

  NodeMeters withCaches(SealedFileReader files) {
    cache("index", files, ReadCacheStats::index);
    cache("layouts", files, ReadCacheStats::layouts);
    cache("pages", files, ReadCacheStats::pages);
    Gauge.builder("sluice.cache.open.files", files, each -> each.stats().openFiles())
        .register(registry);
    return this;
  }

  NodeMeters withPorts(ClientServer clients) {
    Gauge.builder("sluice.client.connections", clients, ClientServer::connections)
        .register(registry);
    Gauge.builder("sluice.receiver.connections", pipes, each -> each.receiver().connections())
        .register(registry);
    Gauge.builder("sluice.receiver.staging.bytes", pipes, each -> each.receiver().stagingBytes())
        .register(registry);
    return this;
  }

  private void cache(
      String name,
      SealedFileReader files,
      java.util.function.Function<ReadCacheStats, ReadCacheStats.Part> part) {
    Tags tags = Tags.of("cache", name);
    counter("sluice.cache.hits", tags, files, each -> part.apply(each.stats()).hits());
    counter("sluice.cache.misses", tags, files, each -> part.apply(each.stats()).misses());
    Gauge.builder("sluice.cache.hit.rate", files, each -> part.apply(each.stats()).hitRate())
        .tags(tags)
        .register(registry);
    Gauge.builder("sluice.cache.bytes", files, each -> part.apply(each.stats()).bytes())
        .tags(tags)
        .register(registry);
  }

  private <T> void counter(String name, Tags tags, T of, ToLongFunction<T> value) {
    FunctionCounter.builder(name, of, each -> value.applyAsLong(each))
        .tags(tags)
        .register(registry);
  }

  private void region(String name, ToDoubleFunction<RegionFigures> value) {
    regionGauges.add(new RegionGauge(MultiGauge.builder(name).register(registry), value));
  }

  private void feed(String name, ToDoubleFunction<FeedReport> value) {
    feedGauges.add(new FeedGauge(MultiGauge.builder(name).register(registry), value));
  }

  private void refreshSafely() {
    try {
      refresh();
    } catch (RuntimeException e) {
      LOG.error("meters are not refreshed this time", e);
    }
  }

  private void refresh() {
    List<Region> regions = host.all();
    for (RegionGauge each : regionGauges) {
      each.gauge()
          .register(
              regions.stream()
                  .<MultiGauge.Row<?>>map(
                      region ->
                          MultiGauge.Row.of(
                              tags(region), each.value().applyAsDouble(region.figures())))
                  .toList(),
              true);
    }
    List<FeedReport> feeds = pipes.reports();
    for (FeedGauge each : feedGauges) {
      each.gauge()
          .register(
              feeds.stream()
                  .<MultiGauge.Row<?>>map(
                      report -> MultiGauge.Row.of(tags(report), each.value().applyAsDouble(report)))
                  .toList(),
              true);
    }
    failures.register(feeds.stream().flatMap(NodeMeters::failureRows).toList(), true);
  }

  private static java.util.stream.Stream<MultiGauge.Row<?>> failureRows(FeedReport report) {
    return report.failures().entrySet().stream()
        .map(
            failure ->
                MultiGauge.Row.of(
                    tags(report)
                        .and("cause", failure.getKey().name().toLowerCase(java.util.Locale.ROOT)),
                    failure.getValue()));
  }

  private static Tags tags(Region region) {
    return Tags.of("database", region.database(), "region", region.id().toString());
  }

  private static Tags tags(FeedReport report) {
    return Tags.of(
        "pipe",
        report.pipeName(),
        "database",
        report.database(),
        "region",
        report.region().toString());
  }

  /** -1 before the first. */
  private double secondsSinceAcknowledgement(FeedReport report) {
    return report.appliedAtMs() == 0 ? -1 : (clock.nowMs() - report.appliedAtMs()) / 1_000.0;
  }
}
