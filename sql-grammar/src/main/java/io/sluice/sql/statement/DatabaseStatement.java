package io.sluice.sql.statement;

import java.util.List;

/** Statements about databases. */
public sealed interface DatabaseStatement extends Statement {
  /** CREATE DATABASE path [WITH name=value, ...]. */
  record Create(List<String> path, List<Attribute> attributes) implements DatabaseStatement {}

  /** DELETE or DROP DATABASE pattern, ...; at least one. */
  record Drop(List<List<String>> patterns) implements DatabaseStatement {}

  /** SHOW DATABASES [pattern]; without one, {@code root.**}. */
  record Show(List<String> pattern) implements DatabaseStatement {}

  /** COUNT DATABASES [pattern]; without one, {@code root.**}. */
  record Count(List<String> pattern) implements DatabaseStatement {}
}
