package io.sluice.datanode.access;

import io.sluice.common.credential.Verifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were found right, so that the slow check is made once per user and not once per
 * connection. In memory only, under a key drawn at start. Thread-safe.
 */
final class KnownLogins {
  private static final int USERS_MAX = 1_000;
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;
  private final Map<String, Known> users = new HashMap<>();

  private record Known(Verifier verifier, byte[] mac) {}

  KnownLogins(SecureRandom random) {
    byte[] drawn = new byte[32];
    random.nextBytes(drawn);
    this.key = new SecretKeySpec(drawn, HMAC);
  }

  /** Whether exactly this password was found right under this verifier. */
  boolean holds(String user, String password, Verifier verifier) {
    Known known;
    synchronized (this) {
      known = users.get(user);
    }
    return known != null
        && known.verifier().equals(verifier)
        && MessageDigest.isEqual(known.mac(), mac(password));
  }

  synchronized void add(String user, String password, Verifier verifier) {
    if (users.size() >= USERS_MAX && !users.containsKey(user)) {
      users.clear();
    }
    users.put(user, new Known(verifier, mac(password)));
  }

  private byte[] mac(String password) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + HMAC, e);
    }
  }
}
