/**
 * What a DataNode makes of pipe operations and pipe tables, in whatever order they come.
 *
 * <p>Nouns: {@link io.sluice.datanode.pipe.core.KnownPipes} (the table as it is known here), {@link
 * io.sluice.datanode.pipe.core.KnownPipe} (one of its rows).
 *
 * <p>Invariants: what comes late changes nothing; what comes twice is taken once; after a table of
 * a version that nothing is newer than, what is known here is that table.
 *
 * <p>Never imports I/O, Thrift, logging or a clock.
 */
package io.sluice.datanode.pipe.core;
