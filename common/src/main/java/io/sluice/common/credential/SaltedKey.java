package io.sluice.common.credential;

/**
 * A {@link PasswordKey} under one receiver's salt: what its proofs are made with. Worth keeping
 * while the salt stays the same, since making it is slow.
 */
public record SaltedKey(SecretBytes salt, int iterations, SecretBytes bytes) {

  /**
   * Slow on purpose.
   *
   * @throws IllegalArgumentException when {@code iterations} are too few or too many, or the salt
   *     has the wrong length
   */
  public static SaltedKey of(PasswordKey key, SecretBytes salt, int iterations) {
    if (salt.length() != Verifier.SALT_BYTES
        || iterations < Verifier.ITERATIONS_MIN
        || iterations > Verifier.ITERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a salt of " + salt.length() + " bytes and " + iterations + " iterations");
    }
    byte[] salted = Sha256.pbkdf2(key.bytes().toArray(), salt.toArray(), iterations);
    return new SaltedKey(salt, iterations, SecretBytes.of(salted));
  }

  public boolean isUnder(SecretBytes otherSalt, int otherIterations) {
    return iterations == otherIterations && salt.equals(otherSalt);
  }

  byte[] clientKey() {
    return Sha256.hmac(bytes.toArray(), Sha256.utf8("Client Key"));
  }

  byte[] serverKey() {
    return Sha256.hmac(bytes.toArray(), Sha256.utf8("Server Key"));
  }

  Verifier verifier() {
    return new Verifier(
        salt, iterations, SecretBytes.of(Sha256.digest(clientKey())), SecretBytes.of(serverKey()));
  }
}
