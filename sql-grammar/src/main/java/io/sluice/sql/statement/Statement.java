package io.sluice.sql.statement;

/** One SQL statement, checked as far as its text alone allows. Immutable. */
public sealed interface Statement
    permits DatabaseStatement,
        SeriesStatement,
        TtlStatement,
        Insert,
        Select,
        DeleteData,
        ClusterStatement,
        PipeSinkStatement,
        PipeStatement,
        UserStatement {}
