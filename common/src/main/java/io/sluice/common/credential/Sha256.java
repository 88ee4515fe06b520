package io.sluice.common.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 in the three forms used here, from the JDK, which always has them. */
final class Sha256 {
  static final int BYTES = 32;

  private Sha256() {}

  static byte[] digest(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  /** The slow one: PBKDF2 (RFC 8018) over HMAC-SHA-256, {@link #BYTES} long. */
  static byte[] pbkdf2(char[] password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /** The same over bytes: their Base64 is the password. */
  static byte[] pbkdf2(byte[] key, byte[] salt, int iterations) {
    char[] text = Base64.getEncoder().encodeToString(key).toCharArray();
    return pbkdf2(text, salt, iterations);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] xor(byte[] one, byte[] other) {
    byte[] mixed = new byte[one.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (byte) (one[i] ^ other[i]);
    }
    return mixed;
  }
}
