/**
 * VERIFY PIPE: finds where a region and its pipe's receiver differ, by exchanging hashes. Nouns: a
 * {@link io.sluice.datanode.verify.Receiver} answers for the other cluster, a {@link
 * io.sluice.datanode.verify.Difference} is a run of rows, a {@link
 * io.sluice.datanode.verify.RegionReport} what one region's comparison found.
 *
 * <p>One region: wait until the pipe has shipped what is there; hash everything in large cuts on
 * both sides; cut what differs finer until single rows are compared; wait again, and report only
 * rows that are still different and did not change here meanwhile.
 *
 * <p>Invariants: what is under way, or rewritten while it is looked at, is not reported; what is
 * held in memory, asked of the receiver, and found is bounded, and a report says where it was cut.
 *
 * <p>Knows {@code cluster} and {@code digest}; not how a receiver is reached ({@code pipe}), nor
 * how a statement shows what was found ({@code statement}).
 */
package io.sluice.datanode.verify;
