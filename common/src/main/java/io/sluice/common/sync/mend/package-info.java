/**
 * How a receiver's rotten file is had from the sender whose rows it held: the {@link
 * io.sluice.common.sync.mend.RottenFile} is named by the receiver, the sender's rows of its times
 * come in {@link io.sluice.common.sync.mend.RowsPart}s, and each is answered by what has become of
 * the file ({@link io.sluice.common.sync.mend.Mended}). Values only.
 */
package io.sluice.common.sync.mend;
