/**
 * The line to a server, on the published client library.
 *
 * <p>Nouns: {@link io.sluice.cli.server.ServerAddress} (where and as whom), {@link
 * io.sluice.cli.server.ServerConnection} (one session), {@link io.sluice.cli.server.Answer} (done,
 * or rows), {@link io.sluice.cli.server.ResultRows} (rows that are fetched while they are read),
 * {@link io.sluice.cli.server.TabletSink} (where an import writes to).
 *
 * <p>Path: a statement goes out as it is; the server says whether rows come back; they are fetched
 * block by block. Tablets go over the library's own session.
 *
 * <p>Invariants: no background connection, no redirection, no silent repetition of a statement; a
 * refusal of the server is a {@link io.sluice.cli.server.RefusedException} with its code, a broken
 * line an {@link io.sluice.cli.server.UnreachableException}.
 *
 * <p>Never imports the terminal or the CSV code.
 */
package io.sluice.cli.server;
