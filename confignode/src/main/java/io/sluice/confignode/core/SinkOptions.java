package io.sluice.confignode.core;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.sync.Compression;
import java.util.Optional;

/**
 * How pipes deal with their sink; may be changed while they run.
 *
 * @param login as whom senders come there; empty: by the receiver's white list alone
 * @param bytesPerSecondMax of one pipe's senders on one DataNode together; 0: no limit
 */
public record SinkOptions(Optional<Login> login, long bytesPerSecondMax, Compression compression) {
  public static final SinkOptions NONE = new SinkOptions(Optional.empty(), 0, Compression.NONE);

  /** A user of the receiver's cluster, and what proofs of the password are made with. */
  public record Login(String user, PasswordKey key) {}

  /**
   * A wish for other options; what is empty stays as it is.
   *
   * @param login an empty one inside takes the login away
   */
  public record Change(
      Optional<Optional<Login>> login,
      Optional<Long> bytesPerSecondMax,
      Optional<Compression> compression) {
    public static final Change NONE =
        new Change(Optional.empty(), Optional.empty(), Optional.empty());
  }

  SinkOptions with(Change change) {
    return new SinkOptions(
        change.login().orElse(login),
        change.bytesPerSecondMax().orElse(bytesPerSecondMax),
        change.compression().orElse(compression));
  }
}
