package io.sluice.common.sync.frame;

import io.sluice.common.credential.Challenge;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.SyncBytes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Types and bodies of frames. The container adds length and checksum. */
final class FrameBody {
  private static final int HELLO = 0x01;
  private static final int FILE_BEGIN = 0x02;
  private static final int CHUNK = 0x03;
  private static final int PASSED = 0x04;
  private static final int PING = 0x05;
  private static final int NOTICE = 0x06;
  private static final int IDENTIFY = 0x07;
  private static final int PROOF = 0x08;
  private static final int PACKED = 0x09;
  private static final int DELETION_BEGIN = 0x0A;
  private static final int CUT_BY = 0x0D;
  private static final int VIA = 0x0E;
  private static final int GREETING = 0x11;
  private static final int WELCOME = 0x12;
  private static final int FILE_ACCEPT = 0x13;
  private static final int APPLIED = 0x14;
  private static final int PONG = 0x15;
  private static final int REFUSED = 0x16;
  private static final int NOTICE_DONE = 0x17;
  private static final int CONFLICT = 0x18;
  private static final int WAIT = 0x19;
  private static final int PROOF_WANTED = 0x1A;
  private static final int BELIEVED = 0x1B;
  private static final int SHARED = 0x1E;

  private static final int RECEIVERS_MAX = 1_000;

  /** Texts are for people; a longer one is cut. Modified UTF-8 takes up to 3 bytes a character. */
  private static final int TEXT_CHARS_MAX = 20_000;

  private FrameBody() {}

  static int type(Frame frame) {
    if (frame instanceof Frame.Hello) {
      return HELLO;
    } else if (frame instanceof Frame.FileBegin file) {
      return file.content() == Frame.Content.POINTS ? FILE_BEGIN : DELETION_BEGIN;
    } else if (frame instanceof Frame.Chunk) {
      return CHUNK;
    } else if (frame instanceof Frame.Passed) {
      return PASSED;
    } else if (frame instanceof Frame.CutBy) {
      return CUT_BY;
    } else if (frame instanceof Frame.Via) {
      return VIA;
    } else if (frame instanceof Frame.Ping) {
      return PING;
    } else if (frame instanceof Frame.Notice) {
      return NOTICE;
    } else if (frame instanceof Frame.Greeting) {
      return GREETING;
    } else if (frame instanceof Frame.Welcome) {
      return WELCOME;
    } else if (frame instanceof Frame.FileAccept) {
      return FILE_ACCEPT;
    } else if (frame instanceof Frame.Applied) {
      return APPLIED;
    } else if (frame instanceof Frame.Pong) {
      return PONG;
    } else if (frame instanceof Frame.Refused) {
      return REFUSED;
    } else if (frame instanceof Frame.NoticeDone) {
      return NOTICE_DONE;
    } else if (frame instanceof Frame.Wait) {
      return WAIT;
    } else if (frame instanceof Frame.Packed) {
      return PACKED;
    } else if (frame instanceof Frame.Identify) {
      return IDENTIFY;
    } else if (frame instanceof Frame.Proof) {
      return PROOF;
    } else if (frame instanceof Frame.ProofWanted) {
      return PROOF_WANTED;
    } else if (frame instanceof Frame.Believed) {
      return BELIEVED;
    } else if (frame instanceof Frame.Shared) {
      return SHARED;
    } else if (frame instanceof Frame.Conflict) {
      return CONFLICT;
    }
    int type = DigestBody.type(frame);
    return type == 0 ? MendBody.type(frame) : type;
  }

  static int bytesMax(int type) {
    return type == HELLO || type == WELCOME || type == CONFLICT
        ? FrameLimits.BODY_BYTES_MAX
        : FrameLimits.OTHER_BODY_BYTES_MAX;
  }

  static void write(Frame frame, DataOutput out) throws IOException {
    if (frame instanceof Frame.Hello hello) {
      writeHello(hello, out);
    } else if (frame instanceof Frame.FileBegin file) {
      out.writeLong(file.start());
      out.writeLong(file.end());
      out.writeLong(file.lineage());
      out.writeLong(file.lengthBytes());
      out.writeInt(file.crc32c());
    } else if (frame instanceof Frame.Chunk chunk) {
      writeChunk(chunk, out);
    } else if (frame instanceof Frame.Packed packed) {
      writeChunk(packed.chunk(), out);
      out.writeByte(packed.compression().id());
      out.writeInt(packed.packedBytes());
    } else if (frame instanceof Frame.Passed passed) {
      out.writeLong(passed.start());
      out.writeLong(passed.end());
      out.writeLong(passed.lineage());
    } else if (frame instanceof Frame.CutBy cut) {
      out.writeLong(cut.index());
    } else if (frame instanceof Frame.Via via) {
      SyncBytes.write(out, via.route());
    } else if (frame instanceof Frame.Ping ping) {
      out.writeLong(ping.token());
    } else if (frame instanceof Frame.Notice notice) {
      SyncBytes.write(out, notice.source());
      out.writeLong(notice.pipeNumber());
      out.writeUTF(notice.database());
      out.writeByte(notice.what().id());
    } else if (frame instanceof Frame.Identify identify) {
      out.writeUTF(identify.user());
      out.write(identify.nonce().toArray());
    } else if (frame instanceof Frame.Proof proof) {
      out.write(proof.proof().toArray());
    } else if (frame instanceof Frame.FromReceiver answer) {
      writeAnswer(answer, out);
    }
    DigestBody.write(frame, out);
    MendBody.write(frame, out);
  }

  private static void writeChunk(Frame.Chunk chunk, DataOutput out) throws IOException {
    out.writeLong(chunk.end());
    out.writeLong(chunk.offset());
    out.writeInt(chunk.lengthBytes());
    out.writeInt(chunk.crc32c());
  }

  private static void writeHello(Frame.Hello hello, DataOutput out) throws IOException {
    SyncBytes.write(out, hello.source());
    out.writeUTF(hello.pipeName());
    out.writeLong(hello.pipeNumber());
    out.writeLong(hello.pipeCreatedAtMs());
    out.writeUTF(hello.database());
    out.writeLong(hello.startTimeMs());
    out.writeBoolean(hello.syncDeletions());
    out.writeByte(hello.precision());
    SyncBytes.write(out, hello.lineage());
    out.writeLong(hello.logEnd());
  }

  private static void writeAnswer(Frame.FromReceiver answer, DataOutput out) throws IOException {
    if (answer instanceof Frame.Greeting greeting) {
      out.writeShort(greeting.version());
      SyncBytes.write(out, greeting.clusterId());
    } else if (answer instanceof Frame.Welcome welcome) {
      out.writeLong(welcome.session());
      out.writeLong(welcome.start());
      out.writeBoolean(welcome.parted());
      out.writeInt(welcome.receivers().size());
      for (Frame.Address address : welcome.receivers()) {
        out.writeUTF(address.host());
        out.writeInt(address.port());
      }
    } else if (answer instanceof Frame.FileAccept accept) {
      out.writeLong(accept.end());
      out.writeLong(accept.offset());
    } else if (answer instanceof Frame.Applied applied) {
      out.writeLong(applied.end());
    } else if (answer instanceof Frame.Pong pong) {
      out.writeLong(pong.token());
    } else if (answer instanceof Frame.Refused refused) {
      out.writeByte(refused.code().id());
      out.writeUTF(shortened(refused.text()));
    } else if (answer instanceof Frame.NoticeDone done) {
      out.writeLong(done.pipeNumber());
    } else if (answer instanceof Frame.Conflict conflict) {
      ConflictBody.write(conflict, out);
    } else if (answer instanceof Frame.ProofWanted wanted) {
      out.write(wanted.nonce().toArray());
      out.write(wanted.salt().toArray());
      out.writeInt(wanted.iterations());
    } else if (answer instanceof Frame.Believed believed) {
      out.write(believed.proof().toArray());
    } else if (answer instanceof Frame.Shared shared) {
      out.writeUTF(shared.device());
      SyncBytes.write(out, shared.otherClusterId());
    }
  }

  static String shortened(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
  }

  /**
   * @throws IOException when the body is too short or holds an impossible value
   */
  static Frame read(int type, DataInput in) throws IOException {
    return switch (type) {
      case HELLO -> readHello(in);
      case FILE_BEGIN -> readFileBegin(in, Frame.Content.POINTS);
      case DELETION_BEGIN -> readFileBegin(in, Frame.Content.DELETION);
      case CHUNK -> readChunk(in);
      case PACKED -> readPacked(in);
      case PASSED -> {
        long start = in.readLong();
        long end = in.readLong();
        checkRange(start, end);
        yield new Frame.Passed(start, end, in.readLong());
      }
      case CUT_BY -> new Frame.CutBy(in.readLong());
      case VIA -> new Frame.Via(SyncBytes.readRoute(in));
      case PING -> new Frame.Ping(in.readLong());
      case NOTICE -> readNotice(in);
      case GREETING -> {
        int version = in.readUnsignedShort();
        yield new Frame.Greeting(version, SyncBytes.readUuid(in));
      }
      case WELCOME -> readWelcome(in);
      case FILE_ACCEPT -> {
        long end = in.readLong();
        yield new Frame.FileAccept(end, in.readLong());
      }
      case APPLIED -> new Frame.Applied(in.readLong());
      case PONG -> new Frame.Pong(in.readLong());
      case REFUSED -> {
        int id = in.readUnsignedByte();
        Refusal code = Refusal.of(id);
        String text = in.readUTF();
        // A later version's code: its text still reaches the operator.
        yield new Frame.Refused(code == null ? Refusal.PROTOCOL : code, text);
      }
      case NOTICE_DONE -> new Frame.NoticeDone(in.readLong());
      case WAIT -> new Frame.Wait();
      case IDENTIFY -> {
        String user = in.readUTF();
        yield new Frame.Identify(user, readSecret(in, Challenge.NONCE_BYTES));
      }
      case PROOF -> new Frame.Proof(readSecret(in, Challenge.PROOF_BYTES));
      case PROOF_WANTED -> {
        SecretBytes nonce = readSecret(in, Challenge.NONCE_BYTES);
        SecretBytes salt = readSecret(in, Verifier.SALT_BYTES);
        yield new Frame.ProofWanted(nonce, salt, in.readInt());
      }
      case BELIEVED -> new Frame.Believed(readSecret(in, Challenge.PROOF_BYTES));
      case SHARED -> {
        String device = in.readUTF();
        yield new Frame.Shared(device, SyncBytes.readUuid(in));
      }
      case CONFLICT -> ConflictBody.read(in);
      default -> MendBody.isFor(type) ? MendBody.read(type, in) : DigestBody.read(type, in);
    };
  }

  private static Frame.Packed readPacked(DataInput in) throws IOException {
    Frame.Chunk chunk = readChunk(in);
    int id = in.readUnsignedByte();
    int packedBytes = in.readInt();
    Compression compression = Compression.ofId(id).orElse(Compression.NONE);
    if (compression == Compression.NONE
        || chunk.lengthBytes() > FrameLimits.PACKED_CONTENT_BYTES_MAX
        || packedBytes <= 0
        || packedBytes >= chunk.lengthBytes()) {
      throw new IOException(
          "%d bytes packed by %d into %d".formatted(chunk.lengthBytes(), id, packedBytes));
    }
    return new Frame.Packed(chunk, compression, packedBytes);
  }

  private static SecretBytes readSecret(DataInput in, int lengthBytes) throws IOException {
    byte[] bytes = new byte[lengthBytes];
    in.readFully(bytes);
    return SecretBytes.of(bytes);
  }

  private static Frame readHello(DataInput in) throws IOException {
    var source = SyncBytes.readSource(in);
    String name = in.readUTF();
    long number = in.readLong();
    long createdAtMs = in.readLong();
    String database = in.readUTF();
    long startTimeMs = in.readLong();
    boolean deletions = in.readBoolean();
    int precision = in.readUnsignedByte();
    var lineage = readLineage(in);
    long logEnd = in.readLong();
    return new Frame.Hello(
        source,
        name,
        number,
        createdAtMs,
        database,
        startTimeMs,
        deletions,
        precision,
        lineage,
        logEnd);
  }

  private static io.sluice.common.sync.Lineage readLineage(DataInput in) throws IOException {
    try {
      return SyncBytes.readLineage(in);
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private static Frame readFileBegin(DataInput in, Frame.Content content) throws IOException {
    long start = in.readLong();
    long end = in.readLong();
    checkRange(start, end);
    long lineage = in.readLong();
    long lengthBytes = in.readLong();
    if (lengthBytes <= 0) {
      throw new IOException("file length " + lengthBytes);
    }
    return new Frame.FileBegin(start, end, lineage, lengthBytes, in.readInt(), content);
  }

  private static void checkRange(long start, long end) throws IOException {
    if (start < 0 || end <= start) {
      throw new IOException("range (" + start + ", " + end + "]");
    }
  }

  private static Frame.Chunk readChunk(DataInput in) throws IOException {
    long end = in.readLong();
    long offset = in.readLong();
    int length = in.readInt();
    if (offset < 0 || length <= 0 || length > FrameLimits.CHUNK_BYTES_MAX) {
      throw new IOException("chunk of " + length + " bytes at " + offset);
    }
    return new Frame.Chunk(end, offset, length, in.readInt());
  }

  private static Frame readNotice(DataInput in) throws IOException {
    var source = SyncBytes.readSource(in);
    long number = in.readLong();
    String database = in.readUTF();
    int what = in.readUnsignedByte();
    for (Frame.Notice.What known : Frame.Notice.What.values()) {
      if (known.id() == what) {
        return new Frame.Notice(source, number, database, known);
      }
    }
    throw new IOException("unknown notice " + what);
  }

  private static Frame readWelcome(DataInput in) throws IOException {
    long session = in.readLong();
    long start = in.readLong();
    boolean parted = in.readBoolean();
    int count = in.readInt();
    if (count < 0 || count > RECEIVERS_MAX) {
      throw new IOException(count + " receivers");
    }
    List<Frame.Address> receivers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String host = in.readUTF();
      receivers.add(new Frame.Address(host, in.readInt()));
    }
    return new Frame.Welcome(session, start, parted, receivers);
  }
}
