package io.sluice.datanode.cluster;

import java.util.regex.Pattern;

/** Names of staged files as they come from other nodes: never a path. */
public final class StagedName {
  /** Longest name in characters; every file system takes it with a suffix of ours. */
  public static final int CHARS_MAX = 200;

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.\\-]*");

  private StagedName() {}

  /** Whether {@code name} is made of letters, digits, '-' and '.' and does not start with a dot. */
  public static boolean legal(String name) {
    return name.length() <= CHARS_MAX && LEGAL.matcher(name).matches() && !name.contains("..");
  }
}
