package io.sluice.confignode.view;

import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.rpc.UserInfo;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.User;
import java.nio.ByteBuffer;
import java.util.List;

/** Users in the words of {@code cluster.thrift}. */
public final class UserViews {
  private UserViews() {}

  static List<UserInfo> users(ClusterImage image) {
    return image.users().values().stream().map(UserViews::user).toList();
  }

  private static UserInfo user(User user) {
    Verifier verifier = user.verifier();
    return new UserInfo(
        user.name(),
        buffer(verifier.salt()),
        verifier.iterations(),
        buffer(verifier.storedKey()),
        buffer(verifier.serverKey()));
  }

  /**
   * @throws IllegalArgumentException when it is not what a password is kept as
   */
  public static User user(UserInfo info) {
    return new User(
        info.getName(),
        new Verifier(
            SecretBytes.of(info.getSalt()),
            info.getIterations(),
            SecretBytes.of(info.getStoredKey()),
            SecretBytes.of(info.getServerKey())));
  }

  private static ByteBuffer buffer(SecretBytes secret) {
    return ByteBuffer.wrap(secret.toArray());
  }
}
