package io.sluice.datanode.access;

import io.sluice.common.rpc.UserInfo;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.CatalogCache;
import java.util.Optional;

/** The users in this node's catalog. */
public record CatalogUsers(CatalogCache catalog) implements Users.Source {
  @Override
  public Optional<UserInfo> user(String name) {
    return catalog.user(name);
  }

  @Override
  public long confirmedMsAgo() {
    return catalog.confirmedMsAgo();
  }

  @Override
  public void refresh() throws StatusException {
    catalog.refresh();
  }
}
