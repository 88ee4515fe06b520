package io.sluice.datanode.region;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One replica of a region on this node, as the rest of the DataNode uses it. Thread-safe. */
public interface Region extends AutoCloseable {
  /** The Raft group's id. */
  UUID id();

  /** The database whose devices it holds. */
  String database();

  boolean leads();

  /** Node id of the leader as last heard of; empty when none is known. */
  OptionalInt leader();

  /**
   * Completes, never exceptionally: Applied once everything acknowledged anywhere before this call
   * is visible in {@link #view}; Unavailable when this replica does not lead (any more).
   */
  CompletableFuture<ApplyResult> readBarrier();

  ReplicaState state();

  /**
   * Completes once the entry is on disk and applied; never exceptionally. At a limit of memory it
   * blocks the caller for a bounded time before it answers Unavailable: never call it from an event
   * loop. Takes over the entry's buffers: they must not change until it completes.
   */
  CompletableFuture<ApplyResult> propose(LogEntry entry);

  /** A consistent picture as of the last applied entry; close it to let go of its files. */
  RegionView view();

  /**
   * Seals what is in memory and completes when it is a durable file in the manifest: Applied with
   * the index of the last entry, of those acknowledged anywhere before this call, that changed
   * points or schema. Unavailable when this replica does not lead (any more).
   */
  CompletableFuture<ApplyResult> flush();

  /**
   * Asks that what is in memory be sealed within {@code sealSoonMs} of the options: a running pipe
   * waits for it. Returns at once; calls meanwhile are one; nothing happens on a replica that does
   * not lead, or when there is nothing to seal.
   */
  void sealSoon();

  /** Numbers for metrics. */
  RegionFigures figures();

  /** This source's record, null for none. */
  AppliedRecord record(Source source);

  /** This source's ledger, null for none. */
  Ledger ledger(Source source);

  List<Ledger> ledgers();

  /** Every source this region has a record of. */
  Set<Source> sources();

  Lineage lineage();

  /** What a pipe holds back of it, ordered by series, see {@link HeldSeries}. */
  List<HeldSeries> held(long pipeNumber);

  /** What a pipe sends once more of it, or has, by ascending index. */
  List<Resend> resends(long pipeNumber);

  /** The first durable range whose end is above {@code index}, with its file. */
  Optional<SealedFile> firstSealedAfter(long index);

  /**
   * The first deletion above {@code index} that a pipe to that cluster ships, with its own index.
   */
  Optional<DeletionAt> firstDeletionAfter(long index, UUID receiver);

  /** A deletion, its log index, and how it came here. */
  record DeletionAt(long index, Route route, Deletion deletion) {}

  /**
   * Log index of the last entry that changed points or schema; a pipe at or past it has nothing
   * left.
   */
  long lastDataIndex();

  /** Log index at which its database was dropped; 0 while it is not. */
  long droppedIndex();

  /** End of the last durable range: everything up to it is in the manifest. */
  long durableIndex();

  /**
   * Runs {@code listener} after each advance of {@link #durableIndex} or {@link #lastDataIndex}; it
   * must not block.
   */
  void onAdvance(Runnable listener);

  /** Folder for files of LoadFile entries, on the same file system as the region's own. */
  Path stagingFolder();

  /** Whoever reads a sealed file finds it damaged: it is looked at, and repaired, soon. */
  void suspect(Path file);

  /** Sealed files here that are rotten and that no other replica has, by ascending end. */
  List<SealedFile> rotten();

  /**
   * Another file takes a rotten one's place: durable, then visible. The rotten one is kept beside
   * the region's files, for people.
   *
   * @param made of the same range and route, in {@link #stagingFolder}; it is moved. Empty: no
   *     points are left of the range
   * @return where the rotten file is now
   * @throws IOException when the rotten file is not part of the region any more, or the disk fails;
   *     nothing has changed
   */
  Path replaceRotten(SealedFile rotten, Optional<SealedFile> made) throws IOException;

  /**
   * The region as of its last durable range, for a peer to copy. A file that is known to be damaged
   * is not among its entries.
   *
   * @throws IOException when the disk fails, or too many images are open already
   */
  DurableImage openImage() throws IOException;

  /**
   * The file of a LoadFile entry, staged under its name or part of the region already; empty when
   * it is not here whole. Every byte is looked at.
   */
  Optional<Path> loadFile(String stagedName, long lengthBytes, int crc32c) throws IOException;

  @Override
  void close();
}
