package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.datanode.cluster.LocalRegions;
import io.sluice.datanode.region.Region;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.SourceRegions;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which replicas a node's pipes feed. Bug put back and seen here: followers that feed too. */
class RegionSourcesTest {
  @TempDir Path folder;
  private final AtomicBoolean firstLeads = new AtomicBoolean(true);
  private final AtomicBoolean secondLeads = new AtomicBoolean();
  private final Region first = replica(new UUID(1, 1), firstLeads);
  private final Region second = replica(new UUID(1, 2), secondLeads);
  private final AtomicInteger changes = new AtomicInteger();

  private final Catalog catalog =
      new Catalog(
          1, "", "test", 1, List.of(), List.of(), List.of(), new ArrayList<>(List.of(info(first))));

  private static RegionInfo info(Region region) {
    return new RegionInfo(1, region.id().toString(), "root.a", List.of(1), 0);
  }

  private static Region replica(UUID id, AtomicBoolean leads) {
    return (Region)
        Proxy.newProxyInstance(
            Region.class.getClassLoader(),
            new Class<?>[] {Region.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "id" -> id;
                  case "leads" -> leads.get();
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> id.hashCode();
                  case "onAdvance" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private RegionSources sources() {
    LocalRegions regions =
        (LocalRegions)
            Proxy.newProxyInstance(
                LocalRegions.class.getClassLoader(),
                new Class<?>[] {LocalRegions.class},
                (proxy, method, arguments) -> List.of(first, second));
    // No file is opened here: nothing is cut, nothing rejoined.
    RegionSources sources =
        new RegionSources(
            new UUID(9, 9), regions, null, null, null, new ShippingOrder(() -> catalog), folder);
    sources.listen(
        new SourceRegions.Listener() {
          @Override
          public void ledChanged() {
            changes.incrementAndGet();
          }

          @Override
          public void advanced(UUID region) {}
        });
    return sources;
  }

  @Test
  void onlyTheReplicaThatLeadsIsFedAndAFormerLeaderNoMore() {
    RegionSources sources = sources();
    assertThat(sources.led()).isEmpty();
    sources.poll();
    assertThat(sources.led()).extracting(SourceRegion::id).containsExactly(first.id());
    sources.poll();
    assertThat(changes).as("nothing has changed").hasValue(1);
    firstLeads.set(false);
    secondLeads.set(true);
    sources.poll();
    assertThat(sources.led()).extracting(SourceRegion::id).containsExactly(second.id());
    assertThat(changes).hasValue(2);
  }
}
