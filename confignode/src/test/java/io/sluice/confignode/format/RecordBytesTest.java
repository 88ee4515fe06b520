package io.sluice.confignode.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.sync.Compression;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.Database;
import io.sluice.confignode.core.Identity;
import io.sluice.confignode.core.Parting;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.PipeSink;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.core.RegionChange;
import io.sluice.confignode.core.SinkOptions;
import io.sluice.confignode.core.StaleReplica;
import io.sluice.confignode.core.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bytes as docs/formats/confignode-records.md describes them, held by golden files. */
class RecordBytesTest {
  private static final UUID ID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

  /** One of each kind. */
  private static final List<Record> RECORDS =
      List.of(
          new Record.ClusterFounded(new Identity(ID, "edge", 10_000, 1_700_000_000_000L)),
          new Record.ConfigNodeSet(
              new ConfigNodeMember(0, new Address("127.0.0.1", 10710), new Address("cn", 10720))),
          new Record.DataNodeSet(
              new DataNodeMember(
                  1,
                  new Address("127.0.0.1", 6667),
                  new Address("127.0.0.1", 10730),
                  new Address("127.0.0.1", 10760))),
          new Record.DatabaseSet(new Database("root.温度", 2, 1, List.of(0, 1), 1_700_000_000_001L)),
          new Record.DatabaseGone("root.b"),
          new Record.RegionSet(
              new Region(
                  1,
                  ID,
                  "root.a",
                  List.of(1),
                  1_700_000_000_002L,
                  Region.Phase.DRAINING,
                  new TreeSet<>(Set.of(1)))),
          new Record.RegionGone(0),
          new Record.PipeSinkSet(
              new PipeSink("demo", "IoTDB", "127.0.0.1", 6668, 1_700_000_000_003L)),
          new Record.PipeSinkGone("old"),
          new Record.PipeSet(
              new Pipe(
                  3, "p", "demo", 1_700_000_000_004L, -5, true, Pipe.Status.RUNNING, 1L << 40)),
          new Record.PipeGone(2, 9),
          new Record.ProcedureSet(
              new PipeProcedure(
                  7,
                  PipeProcedure.Operation.START,
                  3,
                  "p",
                  Pipe.Status.STOP,
                  PipeProcedure.Step.UNDOING,
                  new TreeSet<>(Set.of(1, 2)),
                  new TreeSet<>(Set.of(1)),
                  1_700_000_000_005L)),
          new Record.ProcedureGone(6),
          new Record.CountersSet(3, 2, 3, 4, 8, 10, 20, 30));

  /** The kinds that came later: what was written before reads as it did. */
  private static final List<Record> MEMBERSHIP =
      List.of(
          new Record.RegionChangeSet(
              new RegionChange(
                  1,
                  RegionChange.Kind.MIGRATE,
                  2,
                  3,
                  RegionChange.Step.ADDING,
                  1_700_000_000_006L)),
          new Record.RegionChangeSet(
              new RegionChange(
                  4,
                  RegionChange.Kind.REMOVE,
                  2,
                  RegionChange.NOBODY,
                  RegionChange.Step.REMOVING,
                  1_700_000_000_007L)),
          new Record.RegionChangeGone(4),
          new Record.StaleReplicaSet(new StaleReplica(ID, 5)),
          new Record.StaleReplicaGone(new StaleReplica(ID, 6)),
          new Record.NodeRemoving(1),
          new Record.NodeGone(8));

  private static final List<Record> SILENT = List.of(new Record.NodesSilent(List.of(1, 7)));

  /** What is kept of a password; the bytes are made up. */
  private static final Verifier VERIFIER =
      new Verifier(secret(16, 1), 60_000, secret(32, 2), secret(32, 3));

  private static final List<Record> USERS =
      List.of(
          new Record.UserSet(new User("root", VERIFIER)),
          new Record.UserSet(new User("温", VERIFIER)),
          new Record.UserGone("old"),
          new Record.PipeSinkSet(
              new PipeSink(
                  "cloud",
                  "IoTDB",
                  "cloud.example.org",
                  6667,
                  1_700_000_000_008L,
                  new SinkOptions(
                      Optional.of(new SinkOptions.Login("edge", new PasswordKey(secret(32, 4)))),
                      1_000_000,
                      Compression.ZSTD))),
          new Record.PipeSinkSet(
              new PipeSink(
                  "slow",
                  "IoTDB",
                  "::1",
                  6667,
                  1_700_000_000_009L,
                  new SinkOptions(Optional.empty(), 4_096, Compression.NONE))));

  private static final List<Record> TTLS =
      List.of(
          new Record.DatabaseTtlSet("root.温度", 86_400_000),
          new Record.DatabaseTtlSet("root.gone", Database.NO_TTL));

  private static final List<Record> PARTINGS =
      List.of(
          new Record.RegionSet(
              new Region(
                  2,
                  ID,
                  "root.c",
                  List.of(1),
                  1_700_000_000_010L,
                  Region.Phase.PARTING,
                  new TreeSet<>())),
          new Record.RegionPartingSet(new Parting(2, new TreeSet<>(Set.of(3L, 4L)), 86_400_000)),
          new Record.RegionPartingSet(new Parting(9, new TreeSet<>(Set.of(3L)), 0)),
          new Record.RegionPartingGone(9));

  private static SecretBytes secret(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.of(bytes);
  }

  private static final Proposal PROPOSAL = new Proposal(ID, 5, 29, RECORDS);

  @Test
  void everyKindIsInTheExample() {
    Set<Class<?>> shown =
        Stream.of(RECORDS, MEMBERSHIP, SILENT, USERS, TTLS, PARTINGS)
            .flatMap(List::stream)
            .map(Record::getClass)
            .collect(Collectors.toSet());
    assertThat(Record.class.getPermittedSubclasses())
        .allSatisfy(c -> assertThat(shown).contains(c));
  }

  @Test
  void aProposalIsTheGoldenBytes() throws IOException {
    assertThat(hex(PROPOSAL.toBytes())).isEqualTo(golden("proposal-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("proposal-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(PROPOSAL);
  }

  @Test
  void aSnapshotIsTheGoldenBytes() throws IOException {
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS);
    assertThat(hex(SnapshotBytes.of(image))).isEqualTo(golden("snapshot-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("snapshot-v1.hex").replace("\n", ""));
    assertThat(SnapshotBytes.read(stored, "snapshot")).isEqualTo(image);
  }

  @Test
  void recordsOfMembershipAreTheGoldenBytes() throws IOException {
    Proposal proposal = new Proposal(ID, 5, 30, MEMBERSHIP);
    assertThat(hex(proposal.toBytes())).isEqualTo(golden("membership-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("membership-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(proposal);
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS).replay(MEMBERSHIP);
    assertThat(SnapshotBytes.read(SnapshotBytes.of(image), "snapshot")).isEqualTo(image);
  }

  @Test
  void recordsOfSilenceAreTheGoldenBytes() throws IOException {
    Proposal proposal = new Proposal(ID, 5, 33, SILENT);
    assertThat(hex(proposal.toBytes())).isEqualTo(golden("silent-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("silent-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(proposal);
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS).replay(SILENT);
    assertThat(SnapshotBytes.read(SnapshotBytes.of(image), "snapshot")).isEqualTo(image);
  }

  @Test
  void recordsOfUsersAreTheGoldenBytes() throws IOException {
    Proposal proposal = new Proposal(ID, 5, 31, USERS);
    assertThat(hex(proposal.toBytes())).isEqualTo(golden("users-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("users-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(proposal);
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS).replay(USERS);
    assertThat(SnapshotBytes.read(SnapshotBytes.of(image), "snapshot")).isEqualTo(image);
  }

  /** Bug put back and seen: a snapshot without TTLs. */
  @Test
  void recordsOfTtlsAreTheGoldenBytes() throws IOException {
    Proposal proposal = new Proposal(ID, 5, 32, TTLS);
    assertThat(hex(proposal.toBytes())).isEqualTo(golden("ttls-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("ttls-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(proposal);
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS).replay(TTLS);
    assertThat(image.databases().databases().get("root.温度").ttlMs()).isEqualTo(86_400_000);
    assertThat(SnapshotBytes.read(SnapshotBytes.of(image), "snapshot")).isEqualTo(image);
  }

  /** Bug put back and seen: a snapshot without what dropped databases' regions wait for. */
  @Test
  void recordsOfPartingRegionsAreTheGoldenBytes() throws IOException {
    Proposal proposal = new Proposal(ID, 5, 33, PARTINGS);
    assertThat(hex(proposal.toBytes())).isEqualTo(golden("partings-v1.hex"));
    byte[] stored = HexFormat.of().parseHex(golden("partings-v1.hex").replace("\n", ""));
    assertThat(Proposal.fromBytes(ByteBuffer.wrap(stored), "entry")).isEqualTo(proposal);
    ClusterImage image = ClusterImage.EMPTY.replay(RECORDS).replay(PARTINGS);
    assertThat(image.databases().partingFor(4)).hasSize(1);
    assertThat(SnapshotBytes.read(SnapshotBytes.of(image), "snapshot")).isEqualTo(image);
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] proposal = PROPOSAL.toBytes();
    byte[] snapshot = SnapshotBytes.of(ClusterImage.EMPTY.replay(RECORDS));
    for (int i = 0; i < proposal.length; i++) {
      byte[] damaged = proposal.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> Proposal.fromBytes(ByteBuffer.wrap(damaged), "entry"))
          .as("byte %d", i)
          .isInstanceOf(IOException.class);
    }
    for (int i = 0; i < snapshot.length; i++) {
      byte[] damaged = snapshot.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> SnapshotBytes.read(damaged, "snapshot"))
          .as("byte %d", i)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void everyCutIsNoticed() {
    byte[] snapshot = SnapshotBytes.of(ClusterImage.EMPTY.replay(RECORDS));
    for (int length = 0; length < snapshot.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(snapshot, length);
      assertThatThrownBy(() -> SnapshotBytes.read(cut, "raft/sm/snapshot.1_9"))
          .isInstanceOf(CorruptRecordException.class)
          .hasMessageContaining("raft/sm/snapshot.1_9");
    }
  }

  @Test
  void aNewerVersionIsAnotherErrorThanDamage() {
    byte[] snapshot = SnapshotBytes.of(ClusterImage.EMPTY);
    snapshot[4] = 2;
    ByteBuffer.wrap(snapshot).putInt(9, RecordFrame.crc32c(snapshot, 0, 9));
    assertThatThrownBy(() -> SnapshotBytes.read(snapshot, "snapshot"))
        .isInstanceOf(NewerFormatException.class);
  }

  private static String hex(byte[] bytes) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < bytes.length; i += 32) {
      lines.append(HexFormat.of().formatHex(bytes, i, Math.min(i + 32, bytes.length))).append('\n');
    }
    return lines.toString();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = RecordBytesTest.class.getResourceAsStream("/golden/" + name)) {
      return in == null ? "no golden file " + name : new String(in.readAllBytes());
    }
  }
}
