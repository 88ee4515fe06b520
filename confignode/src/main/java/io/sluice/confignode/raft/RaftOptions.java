package io.sluice.confignode.raft;

import java.nio.file.Path;

/**
 * @param folder of the group's log and snapshots
 * @param host address to listen on and to be reached at
 * @param port to listen on
 * @param electionTimeoutMsMin silence after which a follower asks for votes, at least
 * @param electionTimeoutMsMax the same, at most
 * @param snapshotEntries log entries after which a snapshot is taken and the log is cut
 * @param segmentBytes size of a log file: whole ones are removed
 */
public record RaftOptions(
    Path folder,
    String host,
    int port,
    int electionTimeoutMsMin,
    int electionTimeoutMsMax,
    long snapshotEntries,
    int segmentBytes) {}
