package io.sluice.confignode.duty;

import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.RemovalCommand;
import io.sluice.confignode.raft.MetadataGroup;
import io.sluice.confignode.raft.NotLeadingException;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the metadata group's voting members those that are recorded, at the addresses recorded, one
 * at a time: lets go of those being removed, takes in new ones, follows those that moved.
 */
final class MemberKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);

  private final MetadataGroup group;
  private final int self;
  private final Decisions decisions;
  private final Executor executor;
  private final long changeTimeoutMs;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile String lastTrouble = "";

  MemberKeeper(
      MetadataGroup group, int self, Decisions decisions, Executor executor, long changeTimeoutMs) {
    this.group = group;
    this.self = self;
    this.decisions = decisions;
    this.executor = executor;
    this.changeTimeoutMs = changeTimeoutMs;
  }

  /** Does not wait. */
  void tick() {
    if (underWay.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              changeOne(group.image());
              lastTrouble = "";
            } catch (IOException | StatusException e) {
              trouble(e);
            } catch (NotLeadingException e) {
              LOG.debug("the group's members are left to the next leader", e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              underWay.set(false);
            }
          });
    }
  }

  private void changeOne(ClusterImage image)
      throws IOException, StatusException, NotLeadingException, InterruptedException {
    Map<Integer, Address> members = group.members();
    Map<Integer, ConfigNodeMember> recorded = image.nodes().configNodes();
    Map<Integer, Address> wanted = new TreeMap<>(members);
    wanted.replaceAll((id, raft) -> recorded.containsKey(id) ? recorded.get(id).raft() : raft);
    for (int id : image.nodes().removing()) {
      if (recorded.containsKey(id)) {
        letGo(id, wanted);
        return;
      }
    }
    for (ConfigNodeMember node : recorded.values()) {
      if (!members.containsKey(node.id())) {
        wanted.put(node.id(), node.raft());
        group.setMembers(wanted, changeTimeoutMs);
        LOG.info("ConfigNode {} at {} is a member", node.id(), node.raft());
        return;
      }
    }
    if (wanted.size() > 1 && !wanted.equals(members)) {
      group.setMembers(wanted, changeTimeoutMs);
      LOG.info("the ConfigNodes' Raft servers are at {} now", wanted);
    }
  }

  private void letGo(int id, Map<Integer, Address> members)
      throws IOException, StatusException, NotLeadingException, InterruptedException {
    if (id == self) {
      giveLeadAway();
      return;
    }
    if (members.remove(id) != null) {
      group.setMembers(members, changeTimeoutMs);
    }
    decisions.decide(new RemovalCommand.ConfigNodeLeft(id));
    LOG.info("ConfigNode {} is out of the cluster", id);
  }

  /**
   * To the member heard of last; returns once another leads.
   *
   * @throws IOException when none took it
   */
  void giveLeadAway() throws IOException, InterruptedException {
    Optional<Map.Entry<Integer, Long>> heir =
        group.followerSilenceMs().entrySet().stream()
            .filter(each -> !group.image().nodes().removing().contains(each.getKey()))
            .min(Comparator.comparingLong(Map.Entry::getValue));
    if (heir.isEmpty()) {
      throw new IOException("no other ConfigNode can take the lead");
    }
    group.transferLeadership(heir.get().getKey(), changeTimeoutMs);
  }

  /** Once, not with every try. */
  private void trouble(Exception why) {
    if (!why.toString().equals(lastTrouble)) {
      lastTrouble = why.toString();
      LOG.warn("the ConfigNodes' group is not as recorded, to be tried again: {}", lastTrouble);
      LOG.debug("where that was seen", why);
    }
  }
}
