package io.sluice.datanode.rpc;

/** Who may log in. Thread-safe. */
@FunctionalInterface
public interface Credentials {
  /** True when the pair is right; both may be null or anything else a client sends. */
  boolean check(String user, String password);

  /** One user; compares in a time that does not depend on where the texts differ. */
  static Credentials of(String user, String password) {
    byte[] wanted = bytes(user + '\n' + password);
    return (givenUser, givenPassword) ->
        java.security.MessageDigest.isEqual(wanted, bytes(givenUser + '\n' + givenPassword));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
