package io.sluice.sql.statement;

import java.util.List;

/** Statements about pipesinks. Names are without back-quotes and case-sensitive. */
public sealed interface PipeSinkStatement extends Statement {
  /** CREATE PIPESINK name AS type [(attribute ...)]; the type as written. */
  record Create(String name, String type, List<Attribute> attributes)
      implements PipeSinkStatement {}

  /** ALTER PIPESINK name [SET] (attribute ...). */
  record Alter(String name, List<Attribute> attributes) implements PipeSinkStatement {}

  /** DROP PIPESINK name. */
  record Drop(String name) implements PipeSinkStatement {}

  /** SHOW PIPESINKS or SHOW PIPESINK [name]; a null name shows all. */
  record Show(String name) implements PipeSinkStatement {}

  /** SHOW PIPESINKTYPE. */
  record ShowTypes() implements PipeSinkStatement {}
}
