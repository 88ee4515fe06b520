package io.sluice.confignode.format;

import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.User;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fields of the records about users: types 30 and 31. */
final class UserPayload {
  static final int USER_SET = 30;
  static final int USER_GONE = 31;

  /** Salt, keys: what is read of a damaged length at most. */
  private static final int SECRET_BYTES_MAX = 1_024;

  private UserPayload() {}

  static void write(DataOutput out, User user) throws IOException {
    FieldBytes.writeText(out, user.name());
    Verifier verifier = user.verifier();
    write(out, verifier.salt());
    out.writeInt(verifier.iterations());
    write(out, verifier.storedKey());
    write(out, verifier.serverKey());
  }

  /** Null: the type is none of these. */
  static Record readOrNull(DataInput in, int type) throws IOException {
    return switch (type) {
      case USER_SET -> new Record.UserSet(new User(FieldBytes.readText(in), readVerifier(in)));
      case USER_GONE -> new Record.UserGone(FieldBytes.readText(in));
      default -> null;
    };
  }

  private static Verifier readVerifier(DataInput in) throws IOException {
    try {
      return new Verifier(readSecret(in), in.readInt(), readSecret(in), readSecret(in));
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  static void write(DataOutput out, SecretBytes secret) throws IOException {
    out.writeInt(secret.length());
    out.write(secret.toArray());
  }

  static SecretBytes readSecret(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > SECRET_BYTES_MAX) {
      throw new IOException("length " + length + " is outside 0.." + SECRET_BYTES_MAX);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return SecretBytes.of(bytes);
  }
}
