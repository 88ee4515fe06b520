package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.status.StatusException;
import java.util.List;

/**
 * Where devices live: databases and their regions as of this node's copy of the catalog.
 * Thread-safe.
 */
public interface ClusterRegions {
  /** This node's copy; may be a moment old. */
  Catalog catalog();

  /** Names of the databases that hold or could hold something the patterns match. */
  List<String> databasesOf(List<PathPattern> patterns);

  /** Regions of a database in dealing order. */
  List<RegionAccess> regions(String database) throws StatusException;

  /** The region of a device; empty database text when none holds it. */
  RegionAccess regionOf(String device) throws StatusException;

  /**
   * The same, creating the database when there is none: {@code root.<second node>}, IoTDB's default
   * level.
   *
   * @throws StatusException when the ConfigNode cannot be asked or refuses
   */
  RegionAccess regionForWriting(String device) throws StatusException;

  /** Fetches the catalog again, after a statement that changed it. */
  void refresh() throws StatusException;
}
