package io.sluice.datanode.statement;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.Secret;
import io.sluice.sql.statement.UserStatement;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.TreeSet;

/**
 * CREATE, ALTER, DROP and LIST USER. A password becomes a verifier here: it goes no further than
 * this node. Thread-safe.
 */
final class UserStatements {
  static final String ROOT = "root";
  private static final int PASSWORD_CHARS_MAX = 256;

  private final ConfigNodeClient configNode;
  private final ClusterRegions catalog;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param catalog refreshed after a change, so that it holds on this node at once
   */
  UserStatements(ConfigNodeClient configNode, ClusterRegions catalog) {
    this.configNode = configNode;
    this.catalog = catalog;
  }

  /**
   * @param asUser whose session it is
   */
  StatementResult execute(UserStatement statement, String asUser) throws StatusException {
    if (statement instanceof UserStatement.ListAll) {
      return list();
    }
    boolean ownPassword =
        statement instanceof UserStatement.SetPassword set && set.name().equals(asUser);
    if (!asUser.equals(ROOT) && !ownPassword) {
      throw new StatusException(
          StatusCode.NO_PERMISSION, "No permissions for this operation: only root manages users");
    }
    if (statement instanceof UserStatement.Create create) {
      UserInfo user = user(create.name(), create.password());
      ConfigNodeAnswer.check(configNode.call(node -> node.createUser(user)));
    } else if (statement instanceof UserStatement.SetPassword set) {
      UserInfo user = user(set.name(), set.password());
      ConfigNodeAnswer.check(configNode.call(node -> node.setPassword(user)));
    } else if (statement instanceof UserStatement.Drop drop) {
      ConfigNodeAnswer.check(configNode.call(node -> node.dropUser(drop.name())));
    }
    catalog.refresh();
    return new StatementResult.Done();
  }

  private UserInfo user(String name, Secret password) throws StatusException {
    int length = password.text().length();
    if (length == 0 || length > PASSWORD_CHARS_MAX) {
      throw new StatusException(
          StatusCode.ILLEGAL_PARAMETER,
          "a password has 1 to " + PASSWORD_CHARS_MAX + " characters");
    }
    Verifier verifier = Verifier.of(PasswordKey.of(name, password.text()), random);
    return new UserInfo(
        name,
        buffer(verifier.salt()),
        verifier.iterations(),
        buffer(verifier.storedKey()),
        buffer(verifier.serverKey()));
  }

  private static ByteBuffer buffer(SecretBytes secret) {
    return ByteBuffer.wrap(secret.toArray());
  }

  private StatementResult list() throws StatusException {
    CatalogResp answer = configNode.read(node -> node.getCatalog(-1));
    ConfigNodeAnswer.check(answer.getStatus());
    TreeSet<String> names = new TreeSet<>();
    names.add(ROOT);
    if (answer.getCatalog().isSetUsers()) {
      answer.getCatalog().getUsers().forEach(user -> names.add(user.getName()));
    }
    ResultTable table = new ResultTable().text("user");
    names.forEach(table::row);
    return table.result();
  }
}
