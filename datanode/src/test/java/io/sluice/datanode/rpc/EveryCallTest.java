package io.sluice.datanode.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.FakeCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TEnum;
import org.apache.thrift.TFieldIdEnum;
import org.apache.thrift.meta_data.EnumMetaData;
import org.apache.thrift.meta_data.FieldMetaData;
import org.apache.thrift.meta_data.FieldValueMetaData;
import org.apache.thrift.meta_data.ListMetaData;
import org.apache.thrift.meta_data.MapMetaData;
import org.apache.thrift.meta_data.StructMetaData;
import org.apache.thrift.protocol.TType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every call of the protocol with requests filled at random: each is answered with a status, none
 * with an exception, and the connection stays usable. The two that must close it are left out.
 */
@Timeout(600)
class EveryCallTest {
  private static final Set<String> CLOSING = Set.of("sendFile", "sendPipeData");
  private static final long SEED = 20_220_330;

  private final Random random = new Random(SEED);
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void nonsenseIsAnswered() throws Exception {
    Set<Integer> codes = new TreeSet<>();
    try (ClientServer server =
        new ClientServer(
            ClientServerOptions.defaults("127.0.0.1", 0),
            new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
            new ProtocolSwitch.None(),
            MonotonicClock.SYSTEM)) {
      int called = 0;
      for (Method method : IClientRPCService.Iface.class.getMethods()) {
        if (CLOSING.contains(method.getName())) {
          continue;
        }
        called++;
        for (int round = 0; round < 30; round++) {
          try (RawClient client = new RawClient(server.port()).loggedIn()) {
            call(client, method, round % 3 != 0, codes);
            assertThat(client.calls.testConnectionEmptyRPC().getCode()).isEqualTo(200);
          }
        }
      }
      assertThat(called).isEqualTo(65);
    }
    assertThat(codes).as("seed %d", SEED).contains(200, 300, 303, 509, 802).doesNotContain(305);
    assertThat(cluster.openScans()).isZero();
  }

  private void call(RawClient client, Method method, boolean loggedIn, Set<Integer> codes)
      throws Exception {
    Object[] arguments =
        Arrays.stream(method.getParameters())
            .map(parameter -> argument(parameter, client, loggedIn))
            .toArray();
    try {
      Object answer = method.invoke(client.calls, arguments);
      TSStatus status = statusOf(answer);
      if (status != null) {
        assertThat(status.getMessage()).as(method.getName()).isNotNull();
        codes.add(status.getCode());
      }
    } catch (InvocationTargetException e) {
      assertThat(e.getCause())
          .as("%s answers with a status, seed %d", method.getName(), SEED)
          .isNotInstanceOf(TApplicationException.class);
      throw new AssertionError(method.getName() + " broke the connection", e.getCause());
    }
  }

  private static TSStatus statusOf(Object answer) throws ReflectiveOperationException {
    if (answer instanceof TSStatus status) {
      return status;
    }
    try {
      return answer == null ? null : (TSStatus) answer.getClass().getField("status").get(answer);
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  private Object argument(Parameter parameter, RawClient client, boolean loggedIn) {
    Class<?> type = parameter.getType();
    if (type == long.class) {
      return loggedIn ? client.sessionId : 99L;
    }
    if (type == int.class) {
      return random.nextInt();
    }
    if (type == String.class) {
      return text();
    }
    if (List.class.isAssignableFrom(type)) {
      return List.of(text(), text());
    }
    return struct(type, client, loggedIn);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object struct(Class<?> type, RawClient client, boolean loggedIn) {
    try {
      TBase struct = (TBase) type.getDeclaredConstructor().newInstance();
      Map<? extends TFieldIdEnum, FieldMetaData> fields =
          FieldMetaData.getStructMetaDataMap((Class) type);
      fields.forEach(
          (field, meta) -> {
            if (meta.requirementType == org.apache.thrift.TFieldRequirementType.REQUIRED
                || random.nextBoolean()) {
              boolean session = field.getFieldName().equals("sessionId");
              struct.setFieldValue(
                  field,
                  session && loggedIn
                      ? (Object) client.sessionId
                      : value(meta.valueMetaData, client, loggedIn));
            }
          });
      return struct;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(type + " cannot be made", e);
    }
  }

  private Object value(FieldValueMetaData meta, RawClient client, boolean loggedIn) {
    if (meta instanceof EnumMetaData some) {
      return constant(some);
    }
    return switch (meta.type) {
      case TType.BOOL -> random.nextBoolean();
      case TType.BYTE -> (byte) random.nextInt(16);
      case TType.I16 -> (short) random.nextInt(300);
      case TType.I32 -> number();
      case TType.I64 -> (long) number();
      case TType.DOUBLE -> random.nextDouble();
      case TType.STRING -> meta.isBinary() ? bytes() : text();
      case TType.LIST -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(value(((ListMetaData) meta).elemMetaData, client, loggedIn));
        }
        yield list;
      }
      case TType.MAP -> {
        Map<Object, Object> map = new HashMap<>();
        MapMetaData kinds = (MapMetaData) meta;
        map.put(
            value(kinds.keyMetaData, client, loggedIn),
            value(kinds.valueMetaData, client, loggedIn));
        yield map;
      }
      case TType.STRUCT -> struct(((StructMetaData) meta).structClass, client, loggedIn);
      default -> throw new AssertionError("a field of type " + meta.type);
    };
  }

  private static TEnum constant(EnumMetaData meta) {
    return meta.enumClass.getEnumConstants()[0];
  }

  private int number() {
    return random.nextBoolean() ? random.nextInt(12) : random.nextInt();
  }

  private ByteBuffer bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private String text() {
    List<String> texts =
        List.of(
            "", "root", "root.db.d", "root.**", "s1", "`", "a b", "show version", "\u0000", "1");
    return texts.get(random.nextInt(texts.size()));
  }
}
