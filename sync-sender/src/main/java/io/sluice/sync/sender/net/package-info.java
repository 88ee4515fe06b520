/**
 * The shell around {@code core}: a {@code RegionFeed} carries out effects for one pipe and region
 * on one event loop, over a {@code FeedConnection}; a {@code FileStream} sends a file's content
 * without copying it.
 *
 * <p>Files are opened (and cut) on a few threads of their own; nothing else blocks. A connection
 * that is lost takes everything of it along: open files, window, stream.
 */
package io.sluice.sync.sender.net;
