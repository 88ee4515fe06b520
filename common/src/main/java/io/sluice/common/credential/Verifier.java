package io.sluice.common.credential;

import java.security.SecureRandom;

/**
 * What a cluster keeps of a user's password: enough to check a proof, not to make one.
 *
 * @param salt random, {@link #SALT_BYTES} long
 * @param iterations of PBKDF2 over the user's {@link PasswordKey}
 * @param storedKey SHA-256 of the key that signs a sender's proof
 * @param serverKey signs this end's proof
 */
public record Verifier(
    SecretBytes salt, int iterations, SecretBytes storedKey, SecretBytes serverKey) {
  public static final int SALT_BYTES = 16;

  /** For new verifiers; each keeps its own, so that this may be raised. */
  public static final int ITERATIONS = 60_000;

  /** Fewer are not worked with: whoever asks for them wants to guess the password. */
  public static final int ITERATIONS_MIN = 10_000;

  /** More are not worked with: whoever asks for them wants to keep this node busy. */
  public static final int ITERATIONS_MAX = 2_000_000;

  /**
   * @throws IllegalArgumentException when lengths or iterations are outside what is worked with
   */
  public Verifier {
    if (salt.length() != SALT_BYTES
        || storedKey.length() != Sha256.BYTES
        || serverKey.length() != Sha256.BYTES
        || iterations < ITERATIONS_MIN
        || iterations > ITERATIONS_MAX) {
      throw new IllegalArgumentException("no verifier of a password: " + iterations);
    }
  }

  /** Slow on purpose. */
  public static Verifier of(PasswordKey key, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return SaltedKey.of(key, SecretBytes.of(salt), ITERATIONS).verifier();
  }

  /** Slow on purpose. */
  public boolean accepts(PasswordKey key) {
    return SaltedKey.of(key, salt, iterations).verifier().equals(this);
  }
}
