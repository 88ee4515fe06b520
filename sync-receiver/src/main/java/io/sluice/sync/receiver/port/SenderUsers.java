package io.sluice.sync.receiver.port;

import io.sluice.common.credential.Verifier;
import java.util.Optional;

/** The users of this cluster, as far as senders come in their names. Thread-safe. */
public interface SenderUsers {
  /** Nobody is known, and nobody has to be. */
  SenderUsers NONE =
      new SenderUsers() {
        @Override
        public boolean required() {
          return false;
        }

        @Override
        public Optional<Verifier> verifier(String user) {
          return Optional.empty();
        }

        @Override
        public boolean holds(String user, Verifier verifier) {
          return true;
        }

        @Override
        public long waitMs(String user, String address) {
          return 0;
        }

        @Override
        public void proved(String user, String address, boolean right) {
          // nothing is counted
        }
      };

  /** Whether a sender that names no user is refused. May change at any time. */
  boolean required();

  /** What proofs of that user are checked with; empty for one that does not exist. May be slow. */
  Optional<Verifier> verifier(String user);

  /** Whether the user is still there with this password. Quick. */
  boolean holds(String user, Verifier verifier);

  /** Until that user may be tried again from there, after wrong proofs; 0 for now. */
  long waitMs(String user, String address);

  /** A proof was made, right or wrong. */
  void proved(String user, String address, boolean right);
}
