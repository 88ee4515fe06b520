/**
 * How two clusters compare what they hold without sending it: a {@link
 * io.sluice.common.sync.digest.DigestPart} is some series of one device, a {@link
 * io.sluice.common.sync.digest.RangeHash} stands for all its rows in a {@link
 * io.sluice.common.sync.digest.TimeSpan}, a {@link io.sluice.common.sync.digest.RowDigest} for one
 * row. What is hashed, and how, is said in {@code docs/formats/sync-frames.md}. Values only.
 */
package io.sluice.common.sync.digest;
