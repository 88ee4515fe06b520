/**
 * Where the DataNode's regions meet the sync modules: adapters onto their ports, and the pipe table
 * that commands the senders.
 *
 * <p>Nouns: {@link io.sluice.datanode.pipe.PipeService} (the composition root), {@link
 * io.sluice.datanode.pipe.PipeTableHolder} (what the ConfigNode commands, kept over restarts;
 * {@code core} decides what of it is late), {@link io.sluice.datanode.pipe.RegionSources} (regions
 * led here, as sources), {@link io.sluice.datanode.pipe.CatalogTargets} and {@link
 * io.sluice.datanode.pipe.TsFileSplitter} (regions anywhere in this cluster, as targets).
 *
 * <p>Out: sealed file → linked or cut into {@code outgoing/} → sync-sender. In: sync-receiver's
 * {@code staging/} → split into {@code parts/} where several regions share it → staged at each
 * region's leader → LoadFile entry.
 *
 * <p>Invariants: files of regions are linked or copied, never moved; a table or operation that
 * comes late changes nothing; what is taken over is on disk before it is answered.
 *
 * <p>Never imports statements or SQL.
 */
package io.sluice.datanode.pipe;
