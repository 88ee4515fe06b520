package io.sluice.sync.receiver.net;

import io.sluice.common.credential.Challenge;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.SenderUsers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * As whom one sender comes: the exchange of {@code docs/formats/sync-frames.md}, seen from the
 * receiver. Used on the session's lane.
 */
final class SenderIdentity {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** For names that are not known: what is asked for looks alike, and no proof is right. */
  private static final SecretBytes UNKNOWN_SALT_KEY = random(32);

  private static final int USER_CHARS_MAX = 256;

  private final SenderUsers users;
  private final UUID receiver;
  private final String address;

  /** The protocol version of this connection. */
  private final int version;

  private Challenge challenge;

  /** Null for a user that does not exist. */
  private Verifier verifier;

  private boolean proven;

  SenderIdentity(SenderUsers users, UUID receiver, String address, int version) {
    this.users = users;
    this.receiver = receiver;
    this.address = address;
    this.version = version;
  }

  /** What to answer to a name: a challenge or a refusal. */
  Frame.FromReceiver identify(Frame.Identify identify) {
    if (version < Opening.VERSION_CREDENTIALS
        || challenge != null
        || identify.user().length() > USER_CHARS_MAX) {
      return new Frame.Refused(Refusal.PROTOCOL, "IDENTIFY is not due");
    }
    long waitMs = users.waitMs(identify.user(), address);
    if (waitMs > 0) {
      return refused(
          identify.user(), "too many wrong proofs, to be tried again in " + waitMs + " ms");
    }
    Optional<Verifier> known = users.verifier(identify.user());
    verifier = known.orElse(null);
    SecretBytes salt = known.map(Verifier::salt).orElseGet(() -> madeUpSalt(identify.user()));
    int iterations = known.map(Verifier::iterations).orElse(Verifier.ITERATIONS);
    challenge =
        new Challenge(
            receiver,
            identify.user(),
            identify.nonce(),
            random(Challenge.NONCE_BYTES),
            salt,
            iterations);
    return new Frame.ProofWanted(challenge.receiverNonce(), salt, iterations);
  }

  /** What to answer to a proof. */
  Frame.FromReceiver prove(Frame.Proof proof) {
    if (challenge == null || proven) {
      return new Frame.Refused(Refusal.PROTOCOL, "PROOF is not due");
    }
    String user = challenge.user();
    boolean right = verifier != null && challenge.accepts(verifier, proof.proof().toArray());
    users.proved(user, address, right);
    if (!right) {
      return refused(user, "wrong user name or password");
    }
    proven = true;
    return new Frame.Believed(SecretBytes.of(challenge.receiverProof(verifier)));
  }

  private Frame.Refused refused(String user, String why) {
    return new Frame.Refused(
        Refusal.CREDENTIALS, "user '" + user + "' from " + address + " is refused: " + why);
  }

  /** Why this sender may not go on, or not any more; null when it may. Quick. */
  Frame.Refused missing() {
    if (proven) {
      return users.holds(challenge.user(), verifier)
          ? null
          : refused(challenge.user(), "the user was dropped or has another password by now");
    }
    if (challenge == null && !users.required()) {
      return null;
    }
    return new Frame.Refused(
        Refusal.CREDENTIALS,
        "a sender from "
            + address
            + " needs a user and password here (sync_require_credentials=true)"
            + (version < Opening.VERSION_CREDENTIALS
                ? ", which its sync protocol " + version + " does not know: bring it up to date"
                : ": give its PIPESINK user and password"));
  }

  private static SecretBytes madeUpSalt(String user) {
    byte[] key = UNKNOWN_SALT_KEY.toArray();
    SecretBytes made = Challenge.digest(key, user.getBytes(StandardCharsets.UTF_8));
    return SecretBytes.of(Arrays.copyOf(made.toArray(), Verifier.SALT_BYTES));
  }

  private static SecretBytes random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return SecretBytes.of(bytes);
  }
}
