package io.sluice.datanode.statement;

import java.time.ZoneId;

/**
 * On whose behalf a statement runs.
 *
 * @param user whose session it is
 * @param zone in which the session reads dates without a zone and is shown times
 */
public record StatementContext(String user, ZoneId zone) {}
