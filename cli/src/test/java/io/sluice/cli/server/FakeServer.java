package io.sluice.cli.server;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.IClientRPCService;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsResp;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.iotdb.service.rpc.thrift.TSProtocolVersion;
import org.apache.iotdb.service.rpc.thrift.TSSetTimeZoneReq;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.apache.tsfile.utils.BitMap;

/**
 * A server in memory that speaks the published protocol on 127.0.0.1: gives the answers it was told
 * to, keeps the points of the tablets it gets, and serves them to {@code SELECT ALL}. Thread-safe.
 */
public final class FakeServer implements AutoCloseable {
  private static final int BLOCK_ROWS = 7;
  private static final int OK = 200;

  private final Map<String, Object> answers = new ConcurrentHashMap<>();
  private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
  private final List<String> zones = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> tabletRows = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, TreeMap<Long, Object>> points = new TreeMap<>();
  private final Map<String, TSDataType> types = new HashMap<>();
  private final TreeSet<String> alignedDevices = new TreeSet<>();
  private final Deque<ByteBuffer> unfetched = new ArrayDeque<>();
  private final ServerSocket socket;
  private final TServer server;
  private volatile String password = "root";
  private volatile TSStatus tabletRefusal;

  public FakeServer() throws Exception {
    socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    IClientRPCService.Iface handler =
        (IClientRPCService.Iface)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IClientRPCService.Iface.class},
                (InvocationHandler) (proxy, method, arguments) -> call(method, arguments));
    server =
        new TThreadPoolServer(
            new TThreadPoolServer.Args(new TServerSocket(socket))
                .processor(new IClientRPCService.Processor<>(handler))
                .transportFactory(new TFramedTransport.Factory(64 << 20)));
    Thread thread = new Thread(server::serve, "fake-server");
    thread.setDaemon(true);
    thread.start();
    while (!server.isServing()) {
      // A server that is stopped before it serves would try to accept for ever.
      Thread.onSpinWait();
    }
  }

  /** Its address for root with the right password, UTC. */
  public ServerAddress address() {
    return new ServerAddress("127.0.0.1", port(), "root", password, ZoneId.of("Z"), 5_000);
  }

  public int port() {
    return socket.getLocalPort();
  }

  public void password(String wanted) {
    password = wanted;
  }

  public void answer(String statement, FakeTable table) {
    answers.put(statement, table);
  }

  public void refuse(String statement, int code, String text) {
    answers.put(statement, new TSStatus(code).setMessage(text));
  }

  public void refuseTablets(int code, String text) {
    tabletRefusal = new TSStatus(code).setMessage(text);
  }

  public List<String> statements() {
    return List.copyOf(statements);
  }

  public List<String> zones() {
    return List.copyOf(zones);
  }

  /** How many rows each tablet had. */
  public List<Integer> tabletRows() {
    return List.copyOf(tabletRows);
  }

  /** All points: series to time to value, as the tablets' columns hold them. */
  public synchronized Map<String, Map<Long, Object>> points() {
    return new TreeMap<>(points);
  }

  public synchronized Map<String, TSDataType> types() {
    return Map.copyOf(types);
  }

  public synchronized List<String> alignedDevices() {
    return List.copyOf(alignedDevices);
  }

  public static Binary binary(String text) {
    return new Binary(text.getBytes(StandardCharsets.UTF_8));
  }

  private Object call(Method method, Object[] arguments) {
    TSStatus ok = new TSStatus(OK).setMessage("");
    return switch (method.getName()) {
      case "openSession" -> openSession((TSOpenSessionReq) arguments[0]);
      case "requestStatementId" -> 1L;
      case "executeStatementV2" -> execute((TSExecuteStatementReq) arguments[0]);
      case "fetchResultsV2" -> fetch((TSFetchResultsReq) arguments[0]);
      case "closeOperation", "closeSession" -> ok;
      case "setTimeZone" -> {
        zones.add(((TSSetTimeZoneReq) arguments[0]).getTimeZone());
        yield ok;
      }
      case "insertTablet" -> {
        try {
          yield insert((TSInsertTabletReq) arguments[0]);
        } catch (RuntimeException e) {
          // Thrown on, it would look like a broken line and be tried again for long.
          yield new TSStatus(305).setMessage(e.toString());
        }
      }
      default -> throw new IllegalStateException("not expected: " + method.getName());
    };
  }

  private TSOpenSessionResp openSession(TSOpenSessionReq request) {
    zones.add(request.getZoneId());
    TSStatus status =
        password.equals(request.getPassword())
            ? new TSStatus(OK).setMessage("")
            : new TSStatus(801).setMessage("Authentication failed.");
    return new TSOpenSessionResp(status, TSProtocolVersion.IOTDB_SERVICE_PROTOCOL_V3)
        .setSessionId(1);
  }

  private synchronized TSExecuteStatementResp execute(TSExecuteStatementReq request) {
    statements.add(request.getStatement());
    TSStatus ok = new TSStatus(OK).setMessage("");
    Object answer =
        request.getStatement().equals("SELECT ALL")
            ? allPoints()
            : answers.get(request.getStatement());
    if (answer instanceof TSStatus refusal) {
      return new TSExecuteStatementResp(refusal);
    }
    if (answer == null) {
      return new TSExecuteStatementResp(ok);
    }
    FakeTable table = (FakeTable) answer;
    unfetched.clear();
    unfetched.addAll(table.blocks(BLOCK_ROWS));
    TSExecuteStatementResp response =
        new TSExecuteStatementResp(ok)
            .setQueryId(9)
            .setColumns(table.names())
            .setDataTypeList(table.types().stream().map(TSDataType::name).toList())
            .setIgnoreTimeStamp(!table.hasTime());
    response.setQueryResult(unfetched.isEmpty() ? List.of() : List.of(unfetched.poll()));
    return response.setMoreData(!unfetched.isEmpty());
  }

  private synchronized TSFetchResultsResp fetch(TSFetchResultsReq request) {
    ByteBuffer next = unfetched.poll();
    return new TSFetchResultsResp(new TSStatus(OK).setMessage(""), next != null, true)
        .setQueryResult(next == null ? List.of() : List.of(next))
        .setMoreData(!unfetched.isEmpty());
  }

  private synchronized TSStatus insert(TSInsertTabletReq request) {
    if (tabletRefusal != null) {
      return tabletRefusal;
    }
    int rows = request.getSize();
    ByteBuffer timeBytes = ByteBuffer.wrap(request.getTimestamps());
    ByteBuffer valueBytes = ByteBuffer.wrap(request.getValues());
    TSDataType[] columnTypes =
        request.getTypes().stream()
            .map(t -> TSDataType.deserialize((byte) (int) t))
            .toArray(TSDataType[]::new);
    Object[][] columns = new Object[columnTypes.length][rows];
    for (int column = 0; column < columnTypes.length; column++) {
      for (int row = 0; row < rows; row++) {
        columns[column][row] = value(valueBytes, columnTypes[column]);
      }
    }
    BitMap[] nulls = new BitMap[columnTypes.length];
    for (int i = 0; i < nulls.length && valueBytes.hasRemaining(); i++) {
      nulls[i] = nulls(valueBytes, rows);
    }
    long[] times = new long[rows];
    timeBytes.asLongBuffer().get(times);
    for (int column = 0; column < columnTypes.length; column++) {
      String series = request.getPrefixPath() + "." + request.getMeasurements().get(column);
      types.put(series, columnTypes[column]);
      TreeMap<Long, Object> values = points.computeIfAbsent(series, s -> new TreeMap<>());
      for (int row = 0; row < rows; row++) {
        if (nulls[column] == null || !nulls[column].isMarked(row)) {
          values.put(times[row], columns[column][row]);
        }
      }
    }
    if (request.isIsAligned()) {
      alignedDevices.add(request.getPrefixPath());
    }
    tabletRows.add(rows);
    return new TSStatus(OK).setMessage("");
  }

  private static Object value(ByteBuffer from, TSDataType type) {
    return switch (type) {
      case BOOLEAN -> from.get() == 1;
      case INT32, DATE -> from.getInt();
      case INT64, TIMESTAMP -> from.getLong();
      case FLOAT -> from.getFloat();
      case DOUBLE -> from.getDouble();
      default -> {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        yield new Binary(bytes);
      }
    };
  }

  /** A flag, and if it is set one bit per row in rows / 8 + 1 bytes. */
  private static BitMap nulls(ByteBuffer from, int rows) {
    if (from.get() == 0) {
      return null;
    }
    byte[] bits = new byte[rows / 8 + 1];
    from.get(bits);
    return new BitMap(rows, bits);
  }

  private FakeTable allPoints() {
    List<String> names = List.copyOf(points.keySet());
    TreeSet<Long> times = new TreeSet<>();
    points.values().forEach(values -> times.addAll(values.keySet()));
    List<FakeTable.Row> rows = new ArrayList<>();
    for (long time : times) {
      rows.add(
          new FakeTable.Row(
              time, names.stream().map(series -> points.get(series).get(time)).toArray()));
    }
    return new FakeTable(true, names, names.stream().map(types::get).toList(), rows);
  }

  @Override
  public void close() throws IOException {
    server.stop();
    socket.close();
  }
}
