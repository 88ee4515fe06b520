package io.sluice.sync.sender.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.common.credential.Challenge;
import io.sluice.common.credential.SaltedKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.sender.SinkCredentials;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Stands between the wire and the feed until both ends have shown what they know: the feed sees the
 * GREETING only then, or a refusal instead of it. Runs on the channel's event loop, but for the
 * slow step.
 */
final class CredentialsExchange extends ChannelInboundHandlerAdapter {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SinkCredentials credentials;
  private final Executor slow;

  /** Held back; null until it came. */
  private Frame.Greeting greeting;

  private SecretBytes nonce;
  private Challenge challenge;
  private SaltedKey key;

  /**
   * @param slow runs what takes tens of milliseconds
   */
  CredentialsExchange(SinkCredentials credentials, Executor slow) {
    this.credentials = credentials;
    this.slow = slow;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Frame.Greeting greeted && greeting == null) {
      greeted(ctx, greeted);
    } else if (message instanceof Frame.ProofWanted wanted && nonce != null && challenge == null) {
      prove(ctx, wanted);
    } else if (message instanceof Frame.Believed believed && key != null) {
      believed(ctx, believed);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void greeted(ChannelHandlerContext ctx, Frame.Greeting greeted) {
    if (greeted.version() < Opening.VERSION_CREDENTIALS) {
      giveUp(
          ctx,
          Refusal.VERSION,
          "the receiver speaks sync protocol "
              + greeted.version()
              + ", which knows no users: bring it up to date, or use a sink without user");
      return;
    }
    greeting = greeted;
    byte[] drawn = new byte[Challenge.NONCE_BYTES];
    RANDOM.nextBytes(drawn);
    nonce = SecretBytes.of(drawn);
    ctx.writeAndFlush(new Frame.Identify(credentials.user(), nonce), ctx.voidPromise());
  }

  private void prove(ChannelHandlerContext ctx, Frame.ProofWanted wanted) {
    challenge =
        new Challenge(
            greeting.clusterId(),
            credentials.user(),
            nonce,
            wanted.nonce(),
            wanted.salt(),
            wanted.iterations());
    try {
      slow.execute(() -> makeKey(ctx, wanted));
    } catch (RejectedExecutionException e) {
      ctx.close();
    }
  }

  private void makeKey(ChannelHandlerContext ctx, Frame.ProofWanted wanted) {
    SaltedKey made;
    try {
      made = credentials.under(wanted.salt(), wanted.iterations());
    } catch (IllegalArgumentException e) {
      ctx.executor()
          .execute(
              () ->
                  giveUp(
                      ctx,
                      Refusal.CREDENTIALS,
                      "the receiver asks for a proof that would give the password away: "
                          + wanted.iterations()
                          + " iterations"));
      return;
    }
    ctx.executor()
        .execute(
            () -> {
              key = made;
              SecretBytes proof = SecretBytes.of(challenge.senderProof(made));
              ctx.writeAndFlush(new Frame.Proof(proof), ctx.voidPromise());
            });
  }

  private void believed(ChannelHandlerContext ctx, Frame.Believed believed) {
    if (challenge.acceptsReceiver(key, believed.proof().toArray())) {
      ctx.fireChannelRead(greeting);
      ctx.pipeline().remove(this);
    } else {
      giveUp(
          ctx,
          Refusal.CREDENTIALS,
          "the receiver did not show that it knows user '" + credentials.user() + "'");
    }
  }

  private static void giveUp(ChannelHandlerContext ctx, Refusal code, String text) {
    ctx.fireChannelRead(new Frame.Refused(code, text));
    ctx.close();
  }
}
