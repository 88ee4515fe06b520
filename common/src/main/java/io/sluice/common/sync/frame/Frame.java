package io.sluice.common.sync.frame;

import io.sluice.common.credential.SecretBytes;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import java.util.List;
import java.util.UUID;

/** One message of the sync protocol. Indexes are log indexes of the sender's region. */
public sealed interface Frame {
  /** What a sender may say. */
  sealed interface FromSender extends Frame {}

  /** What a receiver may say. */
  sealed interface FromReceiver extends Frame {}

  /**
   * Asks for a session.
   *
   * @param database the sender's database, whose equal or ancestor takes the rows
   * @param startTimeMs points before it are not sent
   * @param precision of time stamps: {@link #PRECISION_MS}
   * @param logEnd last log index the sender's region has; no record of its lineage is above it
   */
  record Hello(
      Source source,
      String pipeName,
      long pipeNumber,
      long pipeCreatedAtMs,
      String database,
      long startTimeMs,
      boolean syncDeletions,
      int precision,
      Lineage lineage,
      long logEnd)
      implements FromSender {
    public static final int PRECISION_MS = 1;
  }

  /** What a piece is. */
  enum Content {
    /** A TsFile. */
    POINTS,
    /** A deletion, as {@code docs/formats/deletion-piece.md} has it. */
    DELETION
  }

  /**
   * Announces the piece of the range (start, end].
   *
   * @param lineage number of the lineage at {@code end}
   * @param crc32c of the whole piece
   */
  record FileBegin(
      long start, long end, long lineage, long lengthBytes, int crc32c, Content content)
      implements FromSender {
    /** Of a TsFile. */
    public FileBegin(long start, long end, long lineage, long lengthBytes, int crc32c) {
      this(start, end, lineage, lengthBytes, crc32c, Content.POINTS);
    }
  }

  /**
   * {@code lengthBytes} of the announced file's content follow this frame.
   *
   * @param end which file
   * @param offset of the content's first byte in the file
   * @param crc32c of the content
   */
  record Chunk(long end, long offset, int lengthBytes, int crc32c) implements FromSender {}

  /**
   * {@code packedBytes} follow this frame, of which the chunk's content is made. Since version 2.
   *
   * @param chunk its length and checksum are those of the content
   * @param compression not NONE
   */
  record Packed(Chunk chunk, Compression compression, int packedBytes) implements FromSender {}

  /** The range (start, end] holds nothing to ship. */
  record Passed(long start, long end, long lineage) implements FromSender {}

  /**
   * From here on the content of pieces may be without what entries of the sender's log up to {@code
   * index} took away; said before the first such piece of a session. Since version 3.
   */
  record CutBy(long index) implements FromSender {}

  /**
   * The pieces announced from here on had come this way before they came to the sender's cluster;
   * until the first of a session, they were written there. Since version 3.
   */
  record Via(Route route) implements FromSender {}

  record Ping(long token) implements FromSender {}

  /** The pipe stopped or was dropped: the receiver's row shows it, or goes. */
  record Notice(Source source, long pipeNumber, String database, What what) implements FromSender {
    /** The ids stand on the wire. */
    public enum What {
      STOP(1),
      DROP(2);

      private final int id;

      What(int id) {
        this.id = id;
      }

      public int id() {
        return id;
      }
    }
  }

  /**
   * Names the user whose password the sender is going to show it knows. Since version 2.
   *
   * @param nonce drawn for this exchange
   */
  record Identify(String user, SecretBytes nonce) implements FromSender {}

  /** Answers {@link ProofWanted}: see {@link io.sluice.common.credential.Challenge}. */
  record Proof(SecretBytes proof) implements FromSender {}

  /**
   * On whose behalf a sender compares.
   *
   * @param source it has fed the receiver
   * @param database the sender's
   */
  record Asker(Source source, long pipeNumber, String database) {}

  /** Asks for hashes of what the receiver holds. Since version 2. */
  record DigestsWanted(Asker asker, List<DigestSpans> parts) implements FromSender {
    public DigestsWanted {
      parts = List.copyOf(parts);
    }
  }

  /** Asks for a page of rows' hashes. Since version 2. */
  record RowsWanted(Asker asker, DigestPart part, TimeSpan span) implements FromSender {}

  /**
   * Asks which of the receiver's files are rotten that hold rows of the asker's cluster alone.
   * Since version 3.
   */
  record RottenWanted(Asker asker) implements FromSender {}

  /**
   * Brings rows of the asker's region for one of those files. Since version 3.
   *
   * @param file as {@link Rotten} named it
   */
  record Mend(Asker asker, RottenFile file, RowsPart part) implements FromSender {}

  /**
   * Answers {@link Identify}, of a user that exists or not. Since version 2.
   *
   * @param nonce drawn for this exchange
   * @param salt and {@code iterations}: of what the receiver keeps of the password
   */
  record ProofWanted(SecretBytes nonce, SecretBytes salt, int iterations) implements FromReceiver {}

  /** The proof is right; this is the receiver's own. */
  record Believed(SecretBytes proof) implements FromReceiver {}

  record Greeting(int version, UUID clusterId) implements FromReceiver {}

  /**
   * The session's start.
   *
   * @param start ship the ranges that end above it
   * @param parted the sender's lineage is not the one the receiver knew: it was restored or copied
   * @param receivers client addresses of the receiver's DataNodes
   */
  record Welcome(long session, long start, boolean parted, List<Address> receivers)
      implements FromReceiver {
    public Welcome {
      receivers = List.copyOf(receivers);
    }
  }

  record Address(String host, int port) {}

  /** The receiver holds the first {@code offset} bytes: go on from there. */
  record FileAccept(long end, long offset) implements FromReceiver {}

  /** All pieces up to {@code end} are durable in every target. */
  record Applied(long end) implements FromReceiver {}

  record Pong(long token) implements FromReceiver {}

  record Refused(Refusal code, String text) implements FromReceiver {}

  record NoticeDone(long pipeNumber) implements FromReceiver {}

  /** Have patience: the receiver is at work on a piece, or has no room for one yet. */
  record Wait() implements FromReceiver {}

  /**
   * A device of a piece that was applied is written by another cluster's sender too. Since version
   * 2; more than one of a piece are not named.
   */
  record Shared(String device, UUID otherClusterId) implements FromReceiver {}

  /**
   * The schemas of targets refuse this piece: they take none of these series as it has them. Of
   * very many, the first; the others are named when the rest comes.
   */
  record Conflict(long end, List<SeriesConflict> series) implements FromReceiver {
    public Conflict {
      series = List.copyOf(series);
    }
  }

  /**
   * Answers {@link DigestsWanted}: one for each span, in order; of the first ones only when that
   * was work enough for one answer. A WAIT instead: ask again.
   */
  record Digests(List<RangeHash> hashes) implements FromReceiver {
    public Digests {
      hashes = List.copyOf(hashes);
    }
  }

  /** Answers {@link RowsWanted}. */
  record Rows(RowPage page) implements FromReceiver {}

  /** Answers {@link RottenWanted}: the first {@link RottenFile#NAMED_MAX} of them. */
  record Rotten(List<RottenFile> files) implements FromReceiver {
    public Rotten {
      files = List.copyOf(files);
    }
  }

  /** Answers each {@link Mend}. A WAIT instead: send that part again. */
  record MendAnswer(Mended mended) implements FromReceiver {}
}
