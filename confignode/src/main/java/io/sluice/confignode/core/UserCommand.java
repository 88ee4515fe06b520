package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.List;

/** Wishes about users. Who may have them is the DataNode's to check: it knows the session. */
public sealed interface UserCommand extends Command {
  /** All of them are in every DataNode's catalog. */
  int USERS_MAX = 1_000;

  int NAME_CHARS_MAX = 64;

  record CreateUser(User user) implements UserCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      String name = user.name();
      if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
        throw new StatusException(
            StatusCode.ILLEGAL_PARAMETER,
            "the name of a user has 1 to " + NAME_CHARS_MAX + " characters and is not blank");
      }
      if (name.equals(User.ROOT) || image.users().containsKey(name)) {
        throw new StatusException(
            StatusCode.USER_ALREADY_EXISTS, "User " + name + " already exists");
      }
      if (image.users().size() >= USERS_MAX) {
        throw new StatusException(
            StatusCode.EXECUTE_ERROR,
            "there are " + USERS_MAX + " users already, which is the most");
      }
      return List.of(new Record.UserSet(user));
    }
  }

  record DropUser(String name) implements UserCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      if (name.equals(User.ROOT)) {
        throw new StatusException(
            StatusCode.NO_PERMISSION, "Default administrator cannot be deleted");
      }
      requireKnown(image, name);
      return List.of(new Record.UserGone(name));
    }
  }

  record SetPassword(User user) implements UserCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      if (!user.name().equals(User.ROOT)) {
        requireKnown(image, user.name());
      }
      return List.of(new Record.UserSet(user));
    }
  }

  private static void requireKnown(ClusterImage image, String name) throws StatusException {
    if (!image.users().containsKey(name)) {
      throw new StatusException(StatusCode.USER_NOT_EXIST, "User " + name + " does not exist");
    }
  }
}
