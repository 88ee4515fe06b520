package io.sluice.sql.statement;

import java.util.List;

/** Statements about how long points are kept. */
public sealed interface TtlStatement extends Statement {
  /** SET TTL TO path ttl; more than 0 milliseconds. */
  record Set(List<String> path, long ttlMs) implements TtlStatement {}

  /** UNSET TTL TO path. */
  record Unset(List<String> path) implements TtlStatement {}

  /** SHOW TTL ON pattern, ...; SHOW ALL TTL has the pattern {@code root.**}. */
  record Show(List<List<String>> patterns) implements TtlStatement {}
}
