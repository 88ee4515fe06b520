package io.sluice.cli.server;

import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import org.apache.tsfile.write.record.Tablet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tablets over the library's own session, which sends one again when the connection breaks: the
 * same values at the same times are the same points, so that does no harm. Confined to one thread
 * at a time.
 */
public final class SessionTablets implements TabletSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTablets.class);

  /** With the interval: a server may be away for 15 s, which a restart takes. */
  private static final int RETRIES_MAX = 30;

  private static final int RETRY_INTERVAL_MS = 500;

  private final Session session;

  private SessionTablets(Session session) {
    this.session = session;
  }

  /** Connects; without the library's background connection and without redirection. */
  public static SessionTablets open(ServerAddress address) throws UnreachableException {
    Session session =
        new Session.Builder()
            .host(address.host())
            .port(address.port())
            .username(address.user())
            .password(address.password())
            .zoneId(address.zone())
            .enableAutoFetch(false)
            .enableRedirection(false)
            .enableIoTDBRpcCompression(false)
            .maxRetryCount(RETRIES_MAX)
            .retryIntervalInMs(RETRY_INTERVAL_MS)
            .build();
    try {
      session.open(false, address.connectTimeoutMs());
      return new SessionTablets(session);
    } catch (IoTDBConnectionException e) {
      throw new UnreachableException("no connection to " + address + " for writing", e);
    }
  }

  @Override
  public void write(Tablet tablet, boolean aligned) throws RefusedException, UnreachableException {
    try {
      if (aligned) {
        session.insertAlignedTablet(tablet);
      } else {
        session.insertTablet(tablet);
      }
    } catch (StatementExecutionException e) {
      throw new RefusedException(e.getStatusCode(), e.getMessage());
    } catch (IoTDBConnectionException e) {
      throw new UnreachableException("the connection broke while rows were written", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (IoTDBConnectionException e) {
      LOG.debug("the server did not hear the end of the session", e);
    }
  }
}
