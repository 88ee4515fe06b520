package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.RegionMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;

/**
 * Changes who takes part in a region, from its leader: first the new members one by one, each
 * having caught up, then the others leave one by one. A leader that is to leave hands over first;
 * the new leader goes on when it is asked the same.
 */
final class MemberChange {
  private static final long TRANSFER_WAIT_MS = 20_000;

  private final RaftGroupServer raft;
  private final int self;

  MemberChange(RaftGroupServer raft, int self) {
    this.raft = raft;
    this.self = self;
  }

  /** See {@link RegionHost#changeMembers}. */
  void to(UUID id, List<RegionMember> wanted) throws StatusException {
    if (wanted.isEmpty()) {
      throw new StatusException(StatusCode.ILLEGAL_PARAMETER, "a region needs a member");
    }
    try {
      for (RegionMember member : wanted) {
        add(id, member);
      }
      for (RegionMember member : raft.seen(id).members()) {
        if (member.nodeId() != self && !contains(wanted, member.nodeId())) {
          remove(id, member.nodeId());
        }
      }
      if (!contains(wanted, self)) {
        int heir = wanted.stream().map(RegionMember::nodeId).min(Comparator.naturalOrder()).get();
        raft.transferLeader(id, heir, TRANSFER_WAIT_MS);
        throw new StatusException(
            StatusCode.REGION_NOT_HERE,
            "region " + id + " is led by DataNode " + heir + " now, which goes on with the change");
      }
    } catch (IOException e) {
      throw refusal(id, e);
    }
  }

  private void add(UUID id, RegionMember member) throws IOException {
    raft.heard(member);
    List<RegionMember> members = new ArrayList<>(raft.seen(id).members());
    if (!contains(members, member.nodeId())) {
      members.add(member);
      raft.setMembers(id, members);
    }
  }

  private void remove(UUID id, int nodeId) throws IOException {
    List<RegionMember> members = new ArrayList<>(raft.seen(id).members());
    members.removeIf(member -> member.nodeId() == nodeId);
    raft.setMembers(id, members);
  }

  private static boolean contains(List<RegionMember> members, int nodeId) {
    return members.stream().anyMatch(member -> member.nodeId() == nodeId);
  }

  /** See {@link RegionHost#transferLeader}. */
  void lead(UUID id, int toNode) throws StatusException {
    try {
      raft.transferLeader(id, toNode, TRANSFER_WAIT_MS);
    } catch (IOException e) {
      throw refusal(id, e);
    }
  }

  private static StatusException refusal(UUID id, IOException e) {
    boolean elsewhere =
        e instanceof NotLeaderException
            || e instanceof LeaderNotReadyException
            || e instanceof LeaderSteppingDownException
            || e instanceof ServerNotReadyException;
    return elsewhere
        ? new StatusException(
            StatusCode.REGION_NOT_HERE, "region " + id + " is not led by this node now", e)
        : new StatusException(StatusCode.INTERNAL_ERROR, "region " + id + ": " + e, e);
  }
}
