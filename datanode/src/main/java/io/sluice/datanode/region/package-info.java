/**
 * One region: a Raft group whose log is the write-ahead log. An entry is proposed, logged and
 * fsynced by Raft, applied to the memtable (visible), and acknowledged; a Seal closes the memtable,
 * the flusher writes its points as one TsFile, the manifest lists the file, and only then the log
 * behind it may be purged.
 *
 * <p>Nouns: {@link io.sluice.datanode.region.Region} (a replica), {@link
 * io.sluice.datanode.region.entry.LogEntry} (what its log holds), {@link
 * io.sluice.datanode.region.SealedFile} (a durable range).
 *
 * <p>Invariants: applying is deterministic; files are ordered by the end of their range and the
 * later wins; a deletion hides older ranges only; the manifest is the region exactly as of one
 * index.
 *
 * <p>Never imports the client protocol, statements, sync sender or receiver.
 */
package io.sluice.datanode.region;
