package io.sluice.datanode.cluster;

import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.TFieldIdEnum;

/**
 * A ConfigNode's methods whose answers are looked at on the way back: one that says NOT_LEADER
 * becomes a {@link NotLeaderException}, whatever the caller makes of its answer.
 */
final class RedirectedCall {
  /** Every answer of ConfigNodeService is a Status or has one as its field 1. */
  private static final int STATUS_FIELD = 1;

  private RedirectedCall() {}

  static ConfigNodeService.Iface over(ConfigNodeService.Iface configNode) {
    return (ConfigNodeService.Iface)
        Proxy.newProxyInstance(
            ConfigNodeService.Iface.class.getClassLoader(),
            new Class<?>[] {ConfigNodeService.Iface.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(configNode, arguments);
                check(statusOf(answer));
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void check(Status status) throws TException {
    if (status != null && status.getCode() == StatusCode.NOT_LEADER) {
      throw new NotLeaderException(status.getLeader());
    }
  }

  private static Status statusOf(Object answer) {
    if (answer instanceof Status status) {
      return status;
    }
    return answer instanceof TBase<?, ?> struct ? statusField(struct) : null;
  }

  private static <F extends TFieldIdEnum> Status statusField(TBase<?, F> struct) {
    F field = struct.fieldForId(STATUS_FIELD);
    return field != null && struct.getFieldValue(field) instanceof Status status ? status : null;
  }
}
