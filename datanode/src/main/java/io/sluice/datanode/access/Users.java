package io.sluice.datanode.access;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.credential.Verifier;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.rpc.Credentials;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster's users as this DataNode knows them. Thread-safe; a login may take a while. */
public final class Users implements Credentials {
  /**
   * For which users are believed that no ConfigNode has confirmed. Then logins are refused: a user
   * may have been dropped meanwhile.
   */
  public static final long UNCONFIRMED_MS_MAX = TimeUnit.HOURS.toMillis(24);

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);
  private static final String ROOT = "root";
  private static final String ROOT_PASSWORD_AT_FIRST = "root";
  private static final String WRONG = "Wrong user name or password";

  /** Slow checks at once; a flood of logins must not take all processors. */
  private static final int CHECKS_MAX = 1;

  private static final long CHECK_WAIT_MS_MAX = 5_000;

  /** Between two looks at the ConfigNode because of failed logins. */
  private static final long LOOK_AGAIN_MS = 1_000;

  private static final int NAME_CHARS_MAX = 256;

  private final Source source;
  private final MonotonicClock clock;
  private final LoginBrake brake;
  private final KnownLogins known;
  private final Semaphore checks = new Semaphore(CHECKS_MAX, true);
  private final ReentrantLock looking = new ReentrantLock();
  private final SecureRandom random = new SecureRandom();

  /** Of root's first password, and what unknown names are checked against; made when first used. */
  private volatile Verifier rootAtFirst;

  private volatile long lookedAtMs;

  /** The catalog, as far as users are in it. */
  public interface Source {
    /** Empty when there is none of that name, which root is until its password was set. */
    Optional<UserInfo> user(String name);

    /** Milliseconds since a ConfigNode last said that this is how things are. */
    long confirmedMsAgo();

    /** Asks a ConfigNode now. */
    void refresh() throws StatusException;
  }

  public Users(Source source, MonotonicClock clock) {
    this.source = source;
    this.clock = clock;
    this.brake = new LoginBrake(clock);
    this.known = new KnownLogins(random);
    this.lookedAtMs = clock.nowMs() - LOOK_AGAIN_MS;
  }

  @Override
  public void login(String user, String password, String address) throws StatusException {
    if (user == null || password == null || user.length() > NAME_CHARS_MAX) {
      throw new StatusException(StatusCode.WRONG_PASSWORD, WRONG);
    }
    requireUnbraked(user, address);
    boolean right = check(user, password);
    if (!right && lookAgain()) {
      right = check(user, password);
    }
    if (!right) {
      brake.failed(user, address);
      throw new StatusException(StatusCode.WRONG_PASSWORD, WRONG);
    }
    brake.succeeded(user, address);
    requireConfirmed();
  }

  private void requireUnbraked(String user, String address) throws StatusException {
    long waitMs = brake.waitMs(user, address);
    if (waitMs > 0) {
      throw new StatusException(
          StatusCode.WRONG_PASSWORD,
          "too many wrong passwords for this user from "
              + address
              + ": try again in "
              + TimeUnit.MILLISECONDS.toSeconds(waitMs + 999)
              + " s");
    }
  }

  long waitMs(String user, String address) {
    return brake.waitMs(user, address);
  }

  /** Another way of showing a password counts like this one. */
  void proved(String user, String address, boolean right) {
    if (right) {
      brake.succeeded(user, address);
    } else {
      brake.failed(user, address);
    }
  }

  private void requireConfirmed() throws StatusException {
    if (source.confirmedMsAgo() > UNCONFIRMED_MS_MAX) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR,
          "no ConfigNode has answered this DataNode for "
              + TimeUnit.MILLISECONDS.toHours(source.confirmedMsAgo())
              + " hours: who may log in is not known any more");
    }
  }

  @Override
  public boolean knows(String user) {
    return user.equals(ROOT) || source.user(user).isPresent();
  }

  /** What proofs of that user are checked with; empty for one that does not exist. */
  public Optional<Verifier> verifier(String user) {
    return source.confirmedMsAgo() > UNCONFIRMED_MS_MAX ? Optional.empty() : asKnown(user);
  }

  /** Whether the user still has this verifier, as far as is known: who is in stays in. Quick. */
  boolean holds(String user, Verifier verifier) {
    return asKnown(user).filter(verifier::equals).isPresent();
  }

  private Optional<Verifier> asKnown(String user) {
    Optional<UserInfo> info = source.user(user);
    if (info.isPresent()) {
      return info.map(Users::verifier);
    }
    return user.equals(ROOT) ? Optional.of(rootAtFirst()) : Optional.empty();
  }

  private boolean check(String user, String password) throws StatusException {
    Optional<UserInfo> info = source.user(user);
    if (info.isEmpty() && user.equals(ROOT)) {
      return password.equals(ROOT_PASSWORD_AT_FIRST);
    }
    Optional<Verifier> verifier = info.map(Users::verifier);
    if (verifier.isPresent() && known.holds(user, password, verifier.get())) {
      return true;
    }
    boolean right = slowly(user, password, verifier.orElseGet(this::rootAtFirst));
    if (right && verifier.isPresent()) {
      known.add(user, password, verifier.get());
      return true;
    }
    return false;
  }

  private boolean slowly(String user, String password, Verifier verifier) throws StatusException {
    try {
      if (!checks.tryAcquire(CHECK_WAIT_MS_MAX, TimeUnit.MILLISECONDS)) {
        throw new StatusException(
            StatusCode.INTERNAL_ERROR, "too many logins at once: try again in a moment");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.INTERNAL_ERROR, "This DataNode is closing", e);
    }
    try {
      return verifier.accepts(PasswordKey.of(user, password));
    } finally {
      checks.release();
    }
  }

  /** A user made or changed a moment ago elsewhere is known here only now. True: look once more. */
  private boolean lookAgain() {
    if (clock.nowMs() - lookedAtMs < LOOK_AGAIN_MS || !looking.tryLock()) {
      return false;
    }
    try {
      lookedAtMs = clock.nowMs();
      source.refresh();
      return true;
    } catch (StatusException e) {
      LOG.debug("the users stay as they are known here", e);
      return false;
    } finally {
      looking.unlock();
    }
  }

  private Verifier rootAtFirst() {
    Verifier made = rootAtFirst;
    if (made == null) {
      made = Verifier.of(PasswordKey.of(ROOT, ROOT_PASSWORD_AT_FIRST), random);
      rootAtFirst = made;
    }
    return made;
  }

  private static Verifier verifier(UserInfo info) {
    return new Verifier(
        SecretBytes.of(info.getSalt()),
        info.getIterations(),
        SecretBytes.of(info.getStoredKey()),
        SecretBytes.of(info.getServerKey()));
  }
}
