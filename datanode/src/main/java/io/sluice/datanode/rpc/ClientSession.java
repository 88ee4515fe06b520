package io.sluice.datanode.rpc;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.StatementContext;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The one session of a connection: who is logged in, how its client reads times and types, and the
 * queries it has open. Used by one call at a time; {@link #loggedIn} and {@link #oldestQueryUseMs}
 * may be read by other threads.
 */
final class ClientSession {
  /** Queries one session may have open; a client library has one per statement. */
  static final int OPEN_QUERIES_MAX = 64;

  private final LongSupplier ids;
  private final MonotonicClock clock;
  private final Map<Long, OpenQuery> queries = new HashMap<>();
  private volatile boolean loggedIn;
  private volatile long oldestQueryUseMs = Long.MAX_VALUE;
  private long id;
  private long lastStatementId;
  private long lastQueryId;
  private String user = "";
  private ZoneId zone = ZoneOffset.UTC;
  private boolean knowsAllTypes;

  ClientSession(LongSupplier ids, MonotonicClock clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Starts anew; what an earlier session of this connection had open is closed.
   *
   * @param user who has logged in
   * @param knowsAllTypes false for clients of 1.x, which know BOOLEAN to TEXT only
   */
  void open(String user, ZoneId zone, boolean knowsAllTypes) {
    close();
    this.user = user;
    this.id = ids.getAsLong();
    this.zone = zone;
    this.knowsAllTypes = knowsAllTypes;
    this.loggedIn = true;
  }

  boolean loggedIn() {
    return loggedIn;
  }

  /** Whether calls under this id are this connection's own. */
  boolean is(long sessionId) {
    return loggedIn && sessionId == id;
  }

  long id() {
    return id;
  }

  String user() {
    return user;
  }

  StatementContext context() {
    return new StatementContext(user, zone);
  }

  ZoneId zone() {
    return zone;
  }

  void zone(ZoneId newZone) {
    zone = newZone;
  }

  boolean knowsAllTypes() {
    return knowsAllTypes;
  }

  long newStatementId() {
    return ++lastStatementId;
  }

  boolean full() {
    return queries.size() >= OPEN_QUERIES_MAX;
  }

  /** Keeps a query for fetches; the session closes it. */
  void keep(OpenQuery query) {
    queries.put(query.id(), query);
    noteOldest();
  }

  long newQueryId() {
    return ++lastQueryId;
  }

  /** Null when there is none (any more). */
  OpenQuery query(long queryId) {
    OpenQuery query = queries.get(queryId);
    if (query != null) {
      query.used(clock.nowMs());
      noteOldest();
    }
    return query;
  }

  void closeQuery(long queryId) {
    OpenQuery query = queries.remove(queryId);
    if (query != null) {
      query.close();
    }
    noteOldest();
  }

  void closeStatement(long statementId) {
    closeWhere(query -> query.statementId() == statementId);
  }

  /** When the query longest left alone was last used; Long.MAX_VALUE without any. */
  long oldestQueryUseMs() {
    return oldestQueryUseMs;
  }

  void closeQueriesUnusedSince(long limitMs) {
    closeWhere(query -> query.usedMs() < limitMs);
  }

  /** Logs out; further calls are refused. */
  void close() {
    loggedIn = false;
    closeWhere(query -> true);
  }

  private void closeWhere(java.util.function.Predicate<OpenQuery> which) {
    List<OpenQuery> closing = queries.values().stream().filter(which).toList();
    closing.forEach(
        query -> {
          queries.remove(query.id());
          query.close();
        });
    noteOldest();
  }

  private void noteOldest() {
    oldestQueryUseMs =
        queries.values().stream().mapToLong(OpenQuery::usedMs).min().orElse(Long.MAX_VALUE);
  }
}
