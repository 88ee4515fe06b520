package io.sluice.datanode.tsfile;

import io.sluice.common.path.PathPattern;
import org.apache.tsfile.file.metadata.IDeviceID;
import org.apache.tsfile.file.metadata.StringArrayDeviceID;

/**
 * Device paths as TsFiles hold them. The library's own parser drops back-quotes it finds needless,
 * so that a path might not come back as it went in: here the nodes stay as they are.
 */
final class DeviceIds {
  private DeviceIds() {}

  static IDeviceID of(String device) {
    String[] nodes = PathPattern.split(device).toArray(String[]::new);
    return new StringArrayDeviceID(StringArrayDeviceID.splitDeviceIdString(nodes));
  }

  static String pathOf(IDeviceID id) {
    return id.toString();
  }
}
