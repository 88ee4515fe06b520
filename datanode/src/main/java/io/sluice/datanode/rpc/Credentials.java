package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;

/** Who may log in. Thread-safe. */
public interface Credentials {
  /**
   * Returns when the pair is right; both may be null or anything else a client sends. May take a
   * while.
   *
   * @param address where the client is
   * @throws StatusException with the code and text for the client
   */
  void login(String user, String password, String address) throws StatusException;

  /** Whether sessions of this user may go on. Quick. */
  boolean knows(String user);

  /** One user; compares in a time that does not depend on where the texts differ. */
  static Credentials of(String user, String password) {
    byte[] wanted = bytes(user + '\n' + password);
    return new Credentials() {
      @Override
      public void login(String givenUser, String givenPassword, String address)
          throws StatusException {
        byte[] given = bytes(givenUser + '\n' + givenPassword);
        if (!java.security.MessageDigest.isEqual(wanted, given)) {
          throw new StatusException(StatusCode.WRONG_PASSWORD, "Wrong user name or password");
        }
      }

      @Override
      public boolean knows(String name) {
        return name.equals(user);
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
