package io.sluice.datanode.access;

import io.sluice.common.credential.Verifier;
import io.sluice.sync.receiver.port.SenderUsers;
import java.util.Optional;

/** The cluster's users as senders of other clusters come in their names. Thread-safe. */
public final class SendingUsers implements SenderUsers {
  private final Users users;
  private volatile boolean required;

  /**
   * @param required whether senders without a user are refused
   */
  public SendingUsers(Users users, boolean required) {
    this.users = users;
    this.required = required;
  }

  /** Holds at once, also for senders that are connected. */
  public void require(boolean whether) {
    required = whether;
  }

  @Override
  public boolean required() {
    return required;
  }

  @Override
  public Optional<Verifier> verifier(String user) {
    return users.verifier(user);
  }

  @Override
  public boolean holds(String user, Verifier verifier) {
    return users.holds(user, verifier);
  }

  @Override
  public long waitMs(String user, String address) {
    return users.waitMs(user, address);
  }

  @Override
  public void proved(String user, String address, boolean right) {
    users.proved(user, address, right);
  }
}
