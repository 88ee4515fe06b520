package io.sluice.confignode.core;

import io.sluice.common.credential.Verifier;

/** Who may log in and send here, besides root with the password it has from the start. */
public record User(String name, Verifier verifier) {
  /** Always there, and the only one that manages users. */
  public static final String ROOT = "root";
}
