package io.sluice.sync.receiver.core;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import io.sluice.sync.receiver.port.LoadOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One session's core, told what happens, in the words of a test. */
final class SessionScript {
  static final UUID HERE = new UUID(9, 9);
  static final UUID ONE = new UUID(0, 1);
  static final UUID TWO = new UUID(0, 2);
  static final Source SOURCE = new Source(new UUID(5, 5), new UUID(5, 6));
  static final long NUMBER = 77;
  static final Lineage LINEAGE = Lineage.EMPTY.with(1, NUMBER);
  static final long SESSION = 41;
  static final long LENGTH = 500;
  static final long LOAD_MS_MAX = 8_000;
  static final LoadOutcome DONE = new LoadOutcome.Applied();

  private static final SyncReceiverOptions OPTIONS =
      new SyncReceiverOptions(10, 1 << 20, 1, 30_000, 1_000, LOAD_MS_MAX);

  long nowMs = 1_000;
  private final SessionCore core;
  private List<SessionEffect> all = List.of();

  SessionScript() {
    this(Opening.VERSION);
  }

  SessionScript(int version) {
    core = new SessionCore(OPTIONS, HERE, version);
  }

  /** A session that starts at 0 and whose two targets have nothing. */
  static SessionScript open() {
    return openWith(Map.of());
  }

  /** A session whose targets have these records already. */
  static SessionScript openWith(Map<UUID, AppliedRecord> records) {
    SessionScript script = new SessionScript();
    script.hear(hello());
    script.on(opened(records));
    return script;
  }

  static Frame.Hello hello() {
    return hello("p", SOURCE, Frame.Hello.PRECISION_MS);
  }

  static Frame.Hello hello(String pipe, Source source, int precision) {
    return new Frame.Hello(source, pipe, 3, 5, "root.a", 0, false, precision, LINEAGE, 100);
  }

  static SessionEvent opened(Map<UUID, AppliedRecord> records) {
    var timeline = new Timeline(3, LINEAGE, 100, false);
    var start = new Handshake.Start(0, 0, false, records, records);
    var facts = new Ledger.PipeFacts("p", 5, "10.0.0.1", "root.a", true);
    var ledger = new Ledger(SOURCE, SESSION, 3, 0, 0, LINEAGE, List.of(ONE, TWO), records, facts);
    return new SessionEvent.Opened(new SessionPositions(timeline, start), ledger, false, List.of());
  }

  /** What is wanted, without what goes to the log. */
  List<SessionEffect> on(SessionEvent event) {
    all =
        core.step(event, nowMs).stream()
            .filter(effect -> !(effect instanceof SessionEffect.Log))
            .toList();
    return all;
  }

  List<SessionEffect> hear(Frame.FromSender frame) {
    return on(new SessionEvent.Received(frame));
  }

  boolean over() {
    return core.over();
  }

  // ---------------------------------------------------------------- pieces

  static Frame.FileBegin file(long start, long end) {
    return new Frame.FileBegin(start, end, NUMBER, LENGTH, 6);
  }

  /** Announced, and admitted with so many bytes. */
  List<SessionEffect> admit(long start, long end, long heldBytes) {
    hear(file(start, end));
    return on(new SessionEvent.Admitted(end, heldBytes));
  }

  List<SessionEffect> content(long end, long offset, int lengthBytes) {
    Frame.Chunk chunk = new Frame.Chunk(end, offset, lengthBytes, 4);
    hear(chunk);
    return on(new SessionEvent.ContentTaken(chunk, true));
  }

  List<SessionEffect> finished(long end) {
    return on(new SessionEvent.Finished(end, true));
  }

  /** Announced, there from its first byte to its last, and durable. */
  List<SessionEffect> whole(long start, long end) {
    admit(start, end, LENGTH);
    return finished(end);
  }

  /** Whole, and with the targets. */
  List<SessionEffect> loading(long start, long end, UUID... targets) {
    whole(start, end);
    return on(new SessionEvent.Split(end, List.of(targets)));
  }

  List<SessionEffect> loaded(long end, Step step, LoadOutcome outcome) {
    return on(new SessionEvent.PartLoaded(end, step, outcome));
  }

  static AppliedRecord record(long end) {
    return new AppliedRecord(3, NUMBER, end);
  }

  /**
   * @param before the end of the piece that the target had last; 0 for none
   */
  static Step step(UUID target, long before, long end) {
    return new Step(target, before == 0 ? null : record(before), record(end));
  }

  // ---------------------------------------------------------------- what is wanted

  static SessionEffect send(Frame.FromReceiver frame) {
    return new SessionEffect.Send(frame);
  }

  static SessionEffect accept(long end, long heldBytes) {
    return send(new Frame.FileAccept(end, heldBytes));
  }

  static SessionEffect applied(long end) {
    return send(new Frame.Applied(end));
  }

  static SessionEffect refused(Refusal code, String text) {
    return new SessionEffect.SendAndClose(new Frame.Refused(code, text));
  }

  static SessionEffect split(long start, long end, UUID... without) {
    return new SessionEffect.Split(file(start, end), Set.of(without));
  }

  static SessionEffect load(long end, Step... steps) {
    return new SessionEffect.Load(end, Route.HERE, Arrays.asList(steps));
  }

  static SessionEffect release(long end) {
    return new SessionEffect.Release(end);
  }

  static SessionEffect discard(long end) {
    return new SessionEffect.Discard(end);
  }

  static SessionEffect leave() {
    return new SessionEffect.Leave();
  }
}
