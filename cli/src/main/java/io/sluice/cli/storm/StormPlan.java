package io.sluice.cli.storm;

/**
 * One storm.
 *
 * @param kills how many times SIGKILL is sent, at least
 * @param seed whom and when, and every value that is written
 * @param points in the edge before the pipe starts; rounded up to whole tablets; half as many again
 *     are written while nodes are killed
 * @param writers that go on writing all the while, one thread each
 * @param statementClients that issue pipe statements all the while, one thread each; with any, the
 *     pipe that carries the rows is stopped, started and made again too
 * @param replicas of each region
 * @param moves whether replicas are moved between DataNodes all the while
 */
record StormPlan(
    int kills,
    long seed,
    long points,
    int writers,
    int statementClients,
    int replicas,
    boolean moves) {}
