package io.sluice.sql.statement;

import java.util.List;

/** Statements about how long points are kept. */
public sealed interface TtlStatement extends Statement {
  /** SET TTL TO pattern of databases, ttl; more than 0 milliseconds. */
  record Set(List<String> pattern, long ttlMs) implements TtlStatement {}

  /** UNSET TTL TO (or FROM) pattern of databases. */
  record Unset(List<String> pattern) implements TtlStatement {}

  /** SHOW TTL ON pattern, ...; SHOW ALL TTL has the pattern {@code root.**}. */
  record Show(List<List<String>> patterns) implements TtlStatement {}
}
