package io.sluice.sync.receiver.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TargetCluster} with its {@link PieceSplitter} keeps; the fake and the real
 * adapter both run this.
 */
public abstract class TargetContract {
  protected static final Source SOURCE = new Source(new UUID(8, 8), new UUID(9, 9));
  private static final int DEVICES = 12;

  protected abstract TargetCluster cluster() throws Exception;

  protected abstract PieceSplitter splitter() throws Exception;

  /** A file with one point at {@code time} of each device. */
  protected abstract Path file(List<String> devices, long time) throws Exception;

  /** How many points the cluster holds. */
  protected abstract int points() throws Exception;

  private static AppliedRecord record(long index) {
    return new AppliedRecord(1, 77, index);
  }

  private static List<String> devices(String database) {
    List<String> devices = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      devices.add(database + ".d" + i);
    }
    return devices;
  }

  private List<PiecePart> split(Path file, String database) throws Exception {
    return split(file, database, Set.of());
  }

  private List<PiecePart> split(Path file, String database, Set<UUID> unwanted) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return splitter()
        .split(
            file,
            bytes.length,
            (int) crc.getValue(),
            database,
            target -> !unwanted.contains(target));
  }

  @Test
  protected void aDatabaseIsMadeOnceAndAnAncestorServesItsDescendants() throws Exception {
    assertThat(cluster().existingDatabase("root.a")).isEmpty();
    assertThat(cluster().ensureDatabase("root.a")).isEqualTo("root.a");
    assertThat(cluster().ensureDatabase("root.a")).isEqualTo("root.a");
    assertThat(cluster().ensureDatabase("root.a.b")).isEqualTo("root.a");
    assertThat(cluster().existingDatabase("root.ab")).isEmpty();
    List<UUID> targets = cluster().targets("root.a").stream().map(TargetRegion::id).toList();
    assertThat(targets).isNotEmpty().doesNotHaveDuplicates();
    assertThat(cluster().targets("root.a").stream().map(TargetRegion::id)).isEqualTo(targets);
  }

  @Test
  protected void aPartIsAppliedByCompareAndSetOnTheRecord() throws Exception {
    String database = cluster().ensureDatabase("root.a");
    Path one = file(devices(database), 1);
    for (PiecePart part : split(one, database)) {
      assertThat(part.load(SOURCE, Route.HERE, null, record(5)).get())
          .isEqualTo(new LoadOutcome.Applied());
      assertThat(part.load(SOURCE, Route.HERE, null, record(5)).get())
          .as("done already")
          .isEqualTo(new LoadOutcome.Applied());
      assertThat(part.load(SOURCE, Route.HERE, null, record(6)).get())
          .as("overtaken")
          .isEqualTo(new LoadOutcome.Mismatch(record(5)));
      part.close();
    }
    assertThat(points()).isEqualTo(DEVICES);
    for (TargetRegion target : cluster().targets(database)) {
      AppliedRecord record = target.recall(SOURCE).record();
      assertThat(record).isIn(null, record(5));
      assertThat(target.recall(new Source(new UUID(8, 8), new UUID(9, 10))).record()).isNull();
    }
    for (PiecePart part : split(file(devices(database), 2), database)) {
      assertThat(part.load(SOURCE, Route.HERE, record(5), record(7)).get())
          .isEqualTo(new LoadOutcome.Applied());
      part.close();
    }
    assertThat(points()).isEqualTo(2 * DEVICES);
  }

  @Test
  protected void partsGoToTargetsOfTheDatabaseAndOnlyWantedOnesAreMade() throws Exception {
    String database = cluster().ensureDatabase("root.a");
    Set<UUID> targets = new HashSet<>();
    cluster().targets(database).forEach(target -> targets.add(target.id()));
    Path file = file(devices(database), 1);
    List<PiecePart> all = split(file, database);
    Map<UUID, PiecePart> byTarget = new HashMap<>();
    all.forEach(part -> byTarget.put(part.target(), part));
    assertThat(byTarget).hasSameSizeAs(all);
    assertThat(targets).containsAll(byTarget.keySet());
    UUID unwanted = all.get(0).target();
    List<PiecePart> rest = split(file, database, Set.of(unwanted));
    assertThat(rest).extracting(PiecePart::target).doesNotContain(unwanted);
    assertThat(rest).hasSize(all.size() - 1);
    for (PiecePart part : all) {
      part.close();
    }
    for (PiecePart part : rest) {
      part.close();
    }
    assertThat(file).as("the piece itself stays").exists();
  }

  @Test
  protected void oneDeviceHasOneTarget() throws Exception {
    String database = cluster().ensureDatabase("root.a");
    Path file = file(List.of("root.a.only"), 1);
    List<PiecePart> first = split(file, database);
    List<PiecePart> second = split(file, database);
    assertThat(first).hasSize(1);
    assertThat(second.get(0).target()).isEqualTo(first.get(0).target());
  }

  @Test
  protected void aLedgerIsWrittenByItsOwnSessionOnly() throws Exception {
    String database = cluster().ensureDatabase("root.a");
    TargetRegion home = cluster().targets(database).get(0);
    assertThat(home.writeLedger(ledger(11, 5), 99)).as("there is none").isFalse();
    assertThat(home.writeLedger(ledger(11, 5), 0)).isTrue();
    assertThat(home.writeLedger(ledger(12, 6), 0)).as("there is one").isFalse();
    assertThat(home.writeLedger(ledger(11, 7), 11)).isTrue();
    assertThat(home.writeLedger(ledger(12, 7), 11)).as("taken over").isTrue();
    assertThat(home.writeLedger(ledger(11, 8), 11)).as("fenced").isFalse();
    assertThat(home.recall(SOURCE).ledger()).isEqualTo(ledger(12, 7));
  }

  @Test
  protected void whatIsForgottenIsGoneUnlessALaterPipeWroteIt() throws Exception {
    String database = cluster().ensureDatabase("root.a");
    TargetRegion home = cluster().targets(database).get(0);
    home.writeLedger(ledger(11, 5), 0);
    home.forget(SOURCE, 0);
    assertThat(home.recall(SOURCE).ledger()).isNotNull();
    home.forget(SOURCE, 1);
    var mark = new TargetRegion.Memory(AppliedRecord.dropped(1), null);
    assertThat(home.recall(SOURCE)).isEqualTo(mark);
    home.forget(SOURCE, 1);
    assertThat(home.writeLedger(ledger(12, 5), 0)).as("of the dropped pipe").isFalse();
    home.forget(SOURCE, 0);
    assertThat(home.recall(SOURCE)).isEqualTo(mark);
  }

  private Ledger ledger(long session, long position) {
    return new Ledger(
        SOURCE,
        session,
        1,
        position,
        0,
        Lineage.EMPTY.with(1, 77),
        List.of(new UUID(1, 1)),
        Map.of(new UUID(1, 1), record(position)),
        new Ledger.PipeFacts("p", 5, "127.0.0.1", "root.a", true));
  }
}
