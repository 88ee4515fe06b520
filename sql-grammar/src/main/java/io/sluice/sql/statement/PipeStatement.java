package io.sluice.sql.statement;

import java.util.List;

/** Statements about pipes. Names are without back-quotes and case-sensitive. */
public sealed interface PipeStatement extends Statement {
  /**
   * CREATE PIPE name TO sink [FROM (select ** from root [where time>=start])] [WITH ...].
   *
   * @param startTimeMs the first time stamp to send, 0 when none is given
   */
  record Create(String name, String sink, long startTimeMs, List<Attribute> attributes)
      implements PipeStatement {}

  /** START PIPE name. */
  record Start(String name) implements PipeStatement {}

  /** STOP PIPE name. */
  record Stop(String name) implements PipeStatement {}

  /** DROP PIPE name. */
  record Drop(String name) implements PipeStatement {}

  /** SHOW PIPES or SHOW PIPE [name]; a null name shows all. */
  record Show(String name) implements PipeStatement {}

  /** SHOW PIPE name DETAILS. */
  record Details(String name) implements PipeStatement {}

  /** SHOW PIPE name QUARANTINE. */
  record Quarantine(String name) implements PipeStatement {}

  /** RETRY PIPE name QUARANTINE. */
  record RetryQuarantine(String name) implements PipeStatement {}

  /** VERIFY PIPE name. */
  record Verify(String name) implements PipeStatement {}

  /** REPAIR PIPE name. */
  record Repair(String name) implements PipeStatement {}
}
