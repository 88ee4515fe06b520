package io.sluice.sql.statement;

/** Statements about users. Names are without back-quotes and case-sensitive. */
public sealed interface UserStatement extends Statement {
  /** CREATE USER name 'password'. */
  record Create(String name, Secret password) implements UserStatement {}

  /** DROP USER name. */
  record Drop(String name) implements UserStatement {}

  /** ALTER USER name SET PASSWORD 'password'. */
  record SetPassword(String name, Secret password) implements UserStatement {}

  /** LIST USER. */
  record ListAll() implements UserStatement {}
}
