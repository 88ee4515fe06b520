package io.sluice.confignode.format;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.sync.Compression;
import io.sluice.confignode.core.PipeSink;
import io.sluice.confignode.core.SinkOptions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** The fields of a sink, without options (type 8) and with them. */
final class SinkPayload {
  static final int PIPE_SINK_WITH_OPTIONS_SET = 32;

  private SinkPayload() {}

  /** Options are left out when there are none: earlier releases read that. */
  static void write(DataOutput out, PipeSink sink) throws IOException {
    FieldBytes.writeText(out, sink.name());
    FieldBytes.writeText(out, sink.type());
    FieldBytes.writeText(out, sink.host());
    out.writeInt(sink.port());
    out.writeLong(sink.createdAtMs());
    SinkOptions options = sink.options();
    if (options.equals(SinkOptions.NONE)) {
      return;
    }
    out.writeBoolean(options.login().isPresent());
    if (options.login().isPresent()) {
      FieldBytes.writeText(out, options.login().get().user());
      UserPayload.write(out, options.login().get().key().bytes());
    }
    out.writeLong(options.bytesPerSecondMax());
    out.writeByte(options.compression().id());
  }

  static PipeSink read(DataInput in, boolean withOptions) throws IOException {
    return new PipeSink(
        FieldBytes.readText(in),
        FieldBytes.readText(in),
        FieldBytes.readText(in),
        in.readInt(),
        in.readLong(),
        withOptions ? readOptions(in) : SinkOptions.NONE);
  }

  private static SinkOptions readOptions(DataInput in) throws IOException {
    Optional<SinkOptions.Login> login = Optional.empty();
    if (in.readBoolean()) {
      String user = FieldBytes.readText(in);
      SecretBytes key = UserPayload.readSecret(in);
      login = Optional.of(new SinkOptions.Login(user, new PasswordKey(key)));
    }
    long bytesPerSecondMax = in.readLong();
    int compression = in.readUnsignedByte();
    return new SinkOptions(
        login,
        bytesPerSecondMax,
        Compression.ofId(compression)
            .orElseThrow(
                () ->
                    new NewerFormatException(
                        "compression " + compression + " is of a newer release")));
  }
}
