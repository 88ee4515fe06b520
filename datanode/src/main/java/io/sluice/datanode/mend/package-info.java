/**
 * A rotten file of a region whose rows all came through pipes, and that no other replica has: the
 * sender's rows of its times take its place. Nouns: {@link io.sluice.datanode.mend.BroughtRows}
 * (what one region of the sender has, staged here), {@link io.sluice.datanode.mend.Mends} (who has
 * brought what, on this node), {@link io.sluice.datanode.mend.RottenMend} (how a file is made of
 * it).
 *
 * <p>One file: every region of the sender that has fed this one brings its rows; what this
 * cluster's own clients wrote or deleted before stands is left out of them; they become one file of
 * the same range, route and place in the order of writing; so everything newer wins as it did; it
 * is durable and takes the rotten one's place in the manifest; that one is kept for people.
 *
 * <p>Invariants: no point that this cluster's own clients wrote is hidden by what comes, none that
 * they deleted comes back; nothing of the rotten file is interpreted; nothing goes before its place
 * is taken durably.
 *
 * <p>Knows {@code region}, {@code read} and {@code tsfile}; not how rows are brought ({@code pipe},
 * {@code cluster}).
 */
package io.sluice.datanode.mend;
