package io.sluice.confignode.view;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.sync.Compression;
import io.sluice.confignode.core.PipeSink;
import io.sluice.confignode.core.SinkOptions;
import java.util.Optional;

/** Sinks in the words of {@code cluster.thrift}. */
public final class SinkViews {
  private SinkViews() {}

  /** As it is shown: with the user, without what its proofs are made with. */
  public static PipeSinkInfo shown(PipeSink sink) {
    PipeSinkInfo info =
        new PipeSinkInfo(sink.name(), sink.type(), sink.host(), sink.port(), sink.createdAtMs());
    SinkOptions options = sink.options();
    options.login().ifPresent(login -> info.setUser(login.user()));
    if (options.bytesPerSecondMax() > 0) {
      info.setRateLimitBytesPerSecond(options.bytesPerSecondMax());
    }
    if (options.compression() != Compression.NONE) {
      info.setCompression(options.compression().word());
    }
    return info;
  }

  /** As senders need it. */
  static PipeSinkInfo ofPipe(PipeSink sink) {
    PipeSinkInfo info = shown(sink);
    sink.options().login().ifPresent(login -> info.setPasswordKey(login.key().bytes().toArray()));
    return info;
  }

  /**
   * @param change null for none
   * @throws IllegalArgumentException when a value is none that a sink can have
   */
  public static SinkOptions.Change change(PipeSinkChange change) {
    if (change == null) {
      return SinkOptions.Change.NONE;
    }
    return new SinkOptions.Change(
        change.isSetUser() ? Optional.of(login(change)) : Optional.empty(),
        change.isSetRateLimitBytesPerSecond()
            ? Optional.of(Math.max(0, change.getRateLimitBytesPerSecond()))
            : Optional.empty(),
        change.isSetCompression()
            ? Optional.of(compression(change.getCompression()))
            : Optional.empty());
  }

  private static Optional<SinkOptions.Login> login(PipeSinkChange change) {
    if (change.getUser().isEmpty()) {
      return Optional.empty();
    }
    if (!change.isSetPasswordKey()) {
      throw new IllegalArgumentException("a user without password");
    }
    return Optional.of(
        new SinkOptions.Login(
            change.getUser(), new PasswordKey(SecretBytes.of(change.getPasswordKey()))));
  }

  private static Compression compression(String word) {
    return Compression.ofWord(word)
        .orElseThrow(() -> new IllegalArgumentException("no compression: " + word));
  }
}
