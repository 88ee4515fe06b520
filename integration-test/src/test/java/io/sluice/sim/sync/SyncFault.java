package io.sluice.sim.sync;

/** What a history may suffer; each is counted, and none may stay at zero over all seeds. */
enum SyncFault {
  // The network between the clusters.
  BYTES_DROPPED,
  BYTES_DELAYED,
  CUT_AT_A_BYTE,
  CUT_WITHIN_CONTENT,
  CONNECTIONS_OVERTAKE,
  // Between a receiver's session and its target regions.
  PROPOSAL_LOST,
  PROPOSAL_LATE,
  PROPOSAL_TWICE,
  PROPOSALS_REORDERED,
  RESPONSE_LOST_AFTER_APPLY,
  TARGET_SLOW,
  TARGET_AWAY,
  // Machines.
  SENDER_CRASH,
  RECEIVER_CRASH,
  SENDER_UNSYNCED_LOST,
  RECEIVER_UNSYNCED_LOST,
  SENDER_LEADER_CHANGE,
  DEPOSED_SENDER_GOES_ON,
  RECEIVER_LEADER_CHANGE,
  // What people do.
  PIPE_STOPPED,
  PIPE_STARTED,
  PIPE_DROPPED,
  DELETION,
  COMPACTION,
  TARGETS_DROPPED,
  SENDER_RESTORED,
  RECEIVER_RESTORED,
  // Only where the receiver's own clients have series of other types.
  SERIES_REFUSED,
  SERIES_RETRIED,
  SERIES_MENDED
}
