package io.sluice.common.credential;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * One exchange between a sender that knows a password and a receiver that can tell: SCRAM (RFC
 * 5802) with SHA-256. Both proofs cover everything in here, so that none can be used a second time,
 * at another cluster or for another user.
 *
 * @param receiver cluster id of the receiver
 * @param senderNonce and {@code receiverNonce}: drawn for this exchange, {@link #NONCE_BYTES} each
 */
public record Challenge(
    UUID receiver,
    String user,
    SecretBytes senderNonce,
    SecretBytes receiverNonce,
    SecretBytes salt,
    int iterations) {
  public static final int NONCE_BYTES = 24;
  public static final int PROOF_BYTES = Sha256.BYTES;

  private static final String CONTEXT = "sluice sync credentials, version 1";

  /** What the sender answers. Quick; {@code key} is under this challenge's salt. */
  public byte[] senderProof(SaltedKey key) {
    byte[] clientKey = key.clientKey();
    return Sha256.xor(clientKey, Sha256.hmac(Sha256.digest(clientKey), message()));
  }

  /** Whether {@code proof} was made by someone who knows the password. Quick. */
  public boolean accepts(Verifier verifier, byte[] proof) {
    if (proof.length != PROOF_BYTES) {
      return false;
    }
    byte[] stored = verifier.storedKey().toArray();
    byte[] clientKey = Sha256.xor(proof, Sha256.hmac(stored, message()));
    return MessageDigest.isEqual(Sha256.digest(clientKey), stored);
  }

  /** What the receiver answers to a right proof: that it holds the user's verifier. */
  public byte[] receiverProof(Verifier verifier) {
    return Sha256.hmac(verifier.serverKey().toArray(), message());
  }

  /** Whether the receiver is one that knows the user. */
  public boolean acceptsReceiver(SaltedKey key, byte[] proof) {
    return MessageDigest.isEqual(Sha256.hmac(key.serverKey(), message()), proof);
  }

  /** A keyed digest, for what is to look random and yet be the same each time. */
  public static SecretBytes digest(byte[] key, byte[] data) {
    return SecretBytes.of(Sha256.hmac(key, data));
  }

  private byte[] message() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(CONTEXT);
      out.writeLong(receiver.getMostSignificantBits());
      out.writeLong(receiver.getLeastSignificantBits());
      byte[] name = Sha256.utf8(user);
      out.writeInt(name.length);
      out.write(name);
      out.write(senderNonce.toArray());
      out.write(receiverNonce.toArray());
      out.write(salt.toArray());
      out.writeInt(iterations);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
