package io.sluice.common.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final UUID RECEIVER = UUID.randomUUID();
  private static final PasswordKey KEY = PasswordKey.of("edge", "s3cret");
  private static final Verifier VERIFIER = Verifier.of(KEY, RANDOM);
  private static final SaltedKey SALTED = SaltedKey.of(KEY, VERIFIER.salt(), VERIFIER.iterations());

  @Test
  void whoKnowsThePasswordIsBelievedAtBothEnds() {
    Challenge challenge = challenge("edge");
    assertThat(challenge.accepts(VERIFIER, challenge.senderProof(SALTED))).isTrue();
    assertThat(challenge.acceptsReceiver(SALTED, challenge.receiverProof(VERIFIER))).isTrue();
  }

  @Test
  void anotherPasswordIsNot() {
    Challenge challenge = challenge("edge");
    PasswordKey other = PasswordKey.of("edge", "s3creT");
    SaltedKey salted = SaltedKey.of(other, VERIFIER.salt(), VERIFIER.iterations());
    assertThat(challenge.accepts(VERIFIER, challenge.senderProof(salted))).isFalse();
    assertThat(challenge.accepts(VERIFIER, new byte[0])).isFalse();
    assertThat(challenge.acceptsReceiver(salted, challenge.receiverProof(VERIFIER))).isFalse();
    assertThat(VERIFIER.accepts(KEY)).isTrue();
    assertThat(VERIFIER.accepts(other)).isFalse();
    assertThat(VERIFIER.accepts(PasswordKey.of("edge2", "s3cret"))).isFalse();
  }

  /** What was heard on the wire is of no use in another exchange. */
  @Test
  void aProofIsGoodForItsOwnChallengeOnly() {
    Challenge challenge = challenge("edge");
    byte[] heard = challenge.senderProof(SALTED);
    assertThat(challenge("edge").accepts(VERIFIER, heard)).isFalse();
    Challenge elsewhere =
        new Challenge(
            UUID.randomUUID(),
            "edge",
            challenge.senderNonce(),
            challenge.receiverNonce(),
            challenge.salt(),
            challenge.iterations());
    assertThat(elsewhere.accepts(VERIFIER, heard)).isFalse();
  }

  /** What the receiver's disk holds does not open it: no proof can be made of a verifier. */
  @Test
  void aStolenVerifierProvesNothingToTheReceiver() {
    Challenge challenge = challenge("edge");
    for (SecretBytes stolen : new SecretBytes[] {VERIFIER.storedKey(), VERIFIER.serverKey()}) {
      SaltedKey forged = new SaltedKey(VERIFIER.salt(), VERIFIER.iterations(), stolen);
      assertThat(challenge.accepts(VERIFIER, challenge.senderProof(forged))).isFalse();
      assertThat(challenge.accepts(VERIFIER, stolen.toArray())).isFalse();
    }
  }

  @Test
  void equalPasswordsAreKeptUnderDifferentSalts() {
    assertThat(Verifier.of(KEY, RANDOM).storedKey()).isNotEqualTo(VERIFIER.storedKey());
  }

  @Test
  void aReceiverThatAsksForTooFewIterationsOrTooManyIsNotAnswered() {
    assertThatThrownBy(() -> SaltedKey.of(KEY, VERIFIER.salt(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SaltedKey.of(KEY, VERIFIER.salt(), Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SaltedKey.of(KEY, SecretBytes.of(new byte[0]), Verifier.ITERATIONS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingOfItIsPrinted() {
    assertThat(KEY + " " + VERIFIER + " " + SALTED)
        .isEqualTo(
            "PasswordKey[bytes=***] Verifier[salt=***, iterations=60000, storedKey=***,"
                + " serverKey=***] SaltedKey[salt=***, iterations=60000, bytes=***]");
  }

  private static Challenge challenge(String user) {
    return new Challenge(RECEIVER, user, nonce(), nonce(), VERIFIER.salt(), VERIFIER.iterations());
  }

  private static SecretBytes nonce() {
    byte[] nonce = new byte[Challenge.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return SecretBytes.of(nonce);
  }
}
