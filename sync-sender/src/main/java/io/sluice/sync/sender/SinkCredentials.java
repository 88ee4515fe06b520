package io.sluice.sync.sender;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SaltedKey;
import io.sluice.common.credential.SecretBytes;
import java.util.Objects;

/**
 * As whom a pipe's senders come to the receiver. Equal when user and key are. Thread-safe; one of
 * it serves all feeds of a pipe, so that the slow step is made once for each salt.
 */
public final class SinkCredentials {
  private final String user;
  private final PasswordKey key;
  private SaltedKey latest;

  public SinkCredentials(String user, PasswordKey key) {
    this.user = user;
    this.key = key;
  }

  public String user() {
    return user;
  }

  /**
   * Slow on purpose, unless it was the last one asked for.
   *
   * @throws IllegalArgumentException when the receiver asks for too little or too much work
   */
  public synchronized SaltedKey under(SecretBytes salt, int iterations) {
    if (latest == null || !latest.isUnder(salt, iterations)) {
      latest = SaltedKey.of(key, salt, iterations);
    }
    return latest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SinkCredentials credentials
        && user.equals(credentials.user)
        && key.equals(credentials.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(user, key);
  }

  @Override
  public String toString() {
    return user;
  }
}
