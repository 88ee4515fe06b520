package io.sluice.common.credential;

/**
 * A password as a sender keeps it: PBKDF2 over it, salted with the user's name. Whoever has the key
 * can send as that user, but cannot log in as a client, and gets at the password only by guessing.
 * The salt is not random, so that the key can be made before the receiver is known; the {@link
 * Verifier}'s is.
 */
public record PasswordKey(SecretBytes bytes) {
  /** Fixed: the same password must give the same key on every cluster. */
  public static final int ITERATIONS = 60_000;

  private static final String SALT_PREFIX = "sluice password key, version 1:";

  /** Slow on purpose: tens of milliseconds. */
  public static PasswordKey of(String user, String password) {
    byte[] salt = Sha256.digest(Sha256.utf8(SALT_PREFIX + user));
    // PBEKeySpec takes an empty password for a missing one.
    char[] text = (password + '\n').toCharArray();
    return new PasswordKey(SecretBytes.of(Sha256.pbkdf2(text, salt, ITERATIONS)));
  }
}
